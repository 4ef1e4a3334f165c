import {
  entityKind,
  type Query,
  type RelationalSchemaConfig,
  type TablesRelationalConfig,
} from 'drizzle-orm';
import {
  type PgDialect,
  PgPreparedQuery,
  PgSession,
  PgTransaction,
  type PgTransactionConfig,
  type PreparedQueryConfig,
} from 'drizzle-orm/pg-core';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types';
import type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import type { Runner } from './runner.ts';
import { compile, type Statement } from './statement.ts';

/**
 * Drizzle's session over this package's runner. Differs from Drizzle's own for postgres.js in that
 * every statement is prepared on the server, and that no error ever quotes parameters.
 */
export class KitSession<
  F extends Record<string, unknown> = Record<string, unknown>,
  S extends TablesRelationalConfig = TablesRelationalConfig,
> extends PgSession<PostgresJsQueryResultHKT, F, S> {
  static override readonly [entityKind]: string = 'KitSession';
  readonly runner: Runner;
  readonly #schema: RelationalSchemaConfig<S> | undefined;

  constructor(runner: Runner, dialect: PgDialect, schema: RelationalSchemaConfig<S> | undefined) {
    super(dialect);
    this.runner = runner;
    this.#schema = schema;
  }

  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    _name: string | undefined,
    _isResponseInArrayMode: boolean,
    readRows?: (rows: unknown[][]) => T['execute'],
  ): KitQuery<T> {
    return new KitQuery(this.runner, query, fields, readRows);
  }

  /** A statement without fields, whose rows are the driver's. */
  queryOf(query: Query): KitQuery<PreparedQueryConfig> {
    return new KitQuery(this.runner, query, undefined, undefined);
  }

  override transaction<T>(
    work: (tx: KitTransaction<F, S>) => Promise<T>,
    config?: PgTransactionConfig,
  ): Promise<T> {
    return this.runner.transaction(
      (inner) =>
        work(
          new KitTransaction(
            this.dialect,
            new KitSession(inner, this.dialect, this.#schema),
            this.#schema,
          ),
        ),
      beginOptions(config),
    );
  }
}

class KitTransaction<
  F extends Record<string, unknown>,
  S extends TablesRelationalConfig,
> extends PgTransaction<PostgresJsQueryResultHKT, F, S> {
  readonly #session: KitSession<F, S>;

  constructor(
    dialect: PgDialect,
    session: KitSession<F, S>,
    schema: RelationalSchemaConfig<S> | undefined,
  ) {
    super(dialect, session, schema);
    this.#session = session;
  }

  /** A savepoint. */
  override transaction<T>(work: (tx: KitTransaction<F, S>) => Promise<T>): Promise<T> {
    return this.#session.transaction(work);
  }
}

export class KitQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  static override readonly [entityKind]: string = 'KitQuery';
  /** Set by Drizzle's select builder right after it was made. */
  joinsNotNullableMap: Record<string, boolean> | undefined;
  readonly #runner: Runner;
  readonly #fields: SelectedFieldsOrdered | undefined;
  readonly #readRows: ((rows: unknown[][]) => T['execute']) | undefined;
  #statement: Statement | undefined;

  constructor(
    runner: Runner,
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    readRows: ((rows: unknown[][]) => T['execute']) | undefined,
  ) {
    super(query, undefined, undefined);
    this.#runner = runner;
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

  override execute(values: Record<string, unknown> = {}): Promise<T['execute']> {
    return this.#runner.run(this.statement, values);
  }

  /** Drizzle's builders ask for it; the driver always answers in the mode the statement needs. */
  isResponseInArrayMode(): boolean {
    return this.#fields !== undefined;
  }

  all(values: Record<string, unknown> = {}): Promise<T['all']> {
    return this.#runner.run({ ...this.statement, asArrays: false, read: undefined }, values);
  }
}

function beginOptions(config: PgTransactionConfig | undefined): string {
  if (!config) return '';
  const { isolationLevel, accessMode, deferrable } = config;
  return [
    isolationLevel && `isolation level ${isolationLevel}`,
    accessMode,
    deferrable === undefined ? undefined : deferrable ? 'deferrable' : 'not deferrable',
  ]
    .filter(Boolean)
    .join(' ');
}
