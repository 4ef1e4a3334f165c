import {
  entityKind,
  is,
  type Query,
  type RelationalSchemaConfig,
  type TablesRelationalConfig,
} from 'drizzle-orm';
import {
  type PgDialect,
  PgSession,
  type PgTransactionConfig,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { DbError, UsageError } from '../errors.ts';
import { rememberBuilders } from '../trace.ts';
import { PgPreparedQuery, PgTransaction } from './drizzle.ts';
import { compile, type Statement } from './statement.ts';

/**
 * Drizzle's session over the guarded driver. Differs from Drizzle's own for postgres.js in that every
 * statement is prepared on the server, and that no error ever quotes parameters.
 */
export class KitSession<
  F extends Record<string, unknown> = Record<string, unknown>,
  S extends TablesRelationalConfig = TablesRelationalConfig,
> extends PgSession<PostgresJsQueryResultHKT, F, S> {
  static override readonly [entityKind]: string = 'KitSession';
  readonly sql: postgres.ISql;
  readonly #schema: RelationalSchemaConfig<S> | undefined;
  readonly #remembersBuilders: boolean;

  /** @param sql what `guardSql` made: a pool's handle or a transaction's */
  constructor(
    sql: postgres.ISql,
    dialect: PgDialect,
    schema: RelationalSchemaConfig<S> | undefined,
    remembersBuilders: boolean,
  ) {
    super(dialect);
    this.sql = sql;
    this.#schema = schema;
    this.#remembersBuilders = remembersBuilders;
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    _name: string | undefined,
    _isResponseInArrayMode: boolean,
    readRows?: (rows: unknown[][]) => T['execute'],
  ): KitQuery<T> {
    return new KitQuery(this, query, fields, readRows);
  }

  /** A statement without fields, whose rows are the driver's. */
  queryOf(query: Query): KitQuery<PreparedQueryConfig> {
    return new KitQuery(this, query, undefined, undefined);
  }

  run({ text, bind, read, replan }: Statement, values: Values): Promise<unknown> {
    try {
      const query = this.sql.unsafe(text, bind(values) as never[], replan ? replanned : kept);
      // Chained, not awaited: a driver's query is no plain promise, and awaiting it makes two more.
      if (!read) return query.then(undefined, withCallersStack);
      return query.values().then(read, withCallersStack);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  override async transaction<T>(
    work: (tx: KitTransaction<F, S>) => Promise<T>,
    config?: PgTransactionConfig,
  ): Promise<T> {
    const { sql, dialect } = this;
    const inside = async (inner: postgres.TransactionSql) => {
      const session = new KitSession<F, S>(inner, dialect, this.#schema, this.#remembersBuilders);
      const tx = new KitTransaction<F, S>(dialect, session, this.#schema);
      if (this.#remembersBuilders) rememberBuilders(tx);
      return { value: await work(tx) };
    };
    // Wrapped, because the driver treats a returned array as a list of statements.
    const { value } = isTransaction(sql)
      ? await sql.savepoint(inside)
      : await (sql as postgres.Sql).begin(beginOptions(config), inside);
    return value as T;
  }
}

type Values = Readonly<Record<string, unknown>>;

/** `simple: false` because a statement without parameters would not be prepared otherwise. */
const kept: StatementOptions = { simple: false };
const replanned: StatementOptions = { simple: false, prepare: false };

interface StatementOptions {
  readonly simple: boolean;
  readonly prepare?: boolean;
}

const isTransaction = (sql: postgres.ISql): sql is postgres.TransactionSql => 'savepoint' in sql;

/** Replaces the stack, taken in the driver's callback, by one that shows the statement's caller. */
function withCallersStack(error: unknown): never {
  if (error instanceof DbError) Error.captureStackTrace(error);
  throw error;
}

/** @throws UsageError naming the function that needs it, for a handle that `createClient` did not make */
export function sessionOf(db: object, caller: string): KitSession {
  const parts: unknown = Reflect.get(db, '_');
  const session: unknown =
    typeof parts === 'object' && parts !== null ? Reflect.get(parts, 'session') : undefined;
  if (is(session, KitSession)) return session;
  throw new UsageError(`${caller} needs a handle that createClient made.`);
}

class KitTransaction<
  F extends Record<string, unknown>,
  S extends TablesRelationalConfig,
> extends PgTransaction<PostgresJsQueryResultHKT, F, S> {
  /** A savepoint. */
  override transaction<T>(work: (tx: KitTransaction<F, S>) => Promise<T>): Promise<T> {
    return sessionOf(this, 'A savepoint').transaction(work as never) as Promise<T>;
  }
}

export class KitQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  static override readonly [entityKind]: string = 'KitQuery';
  /** Set by Drizzle's select builder right after it was made. */
  joinsNotNullableMap: Record<string, boolean> | undefined;
  readonly #session: { run(statement: Statement, values: Values): Promise<unknown> };
  readonly #fields: SelectedFieldsOrdered | undefined;
  readonly #readRows: ((rows: unknown[][]) => T['execute']) | undefined;
  #statement: Statement | undefined;

  constructor(
    session: { run(statement: Statement, values: Values): Promise<unknown> },
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    readRows: ((rows: unknown[][]) => T['execute']) | undefined,
  ) {
    super(query, undefined, undefined);
    this.#session = session;
    this.#fields = fields;
    this.#readRows = readRows;
  }

  get statement(): Statement {
    this.#statement ??= compile({
      query: this.query,
      fields: this.#fields,
      readRows: this.#readRows,
      joinsNotNullable: this.joinsNotNullableMap,
    });
    return this.#statement;
  }

  override execute(values: Values = {}): Promise<T['execute']> {
    return this.#session.run(this.statement, values);
  }

  /** Drizzle's builders ask for it; the driver always answers in the mode the statement needs. */
  isResponseInArrayMode(): boolean {
    return this.#fields !== undefined;
  }

  all(values: Values = {}): Promise<T['all']> {
    return this.#session.run({ ...this.statement, read: undefined }, values);
  }
}

function beginOptions(config: PgTransactionConfig = {}): string {
  const { isolationLevel, accessMode, deferrable } = config;
  return [
    isolationLevel && `isolation level ${isolationLevel}`,
    accessMode,
    deferrable === undefined ? undefined : deferrable ? 'deferrable' : 'not deferrable',
  ]
    .filter(Boolean)
    .join(' ');
}
