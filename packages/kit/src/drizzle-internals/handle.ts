import { type ExtractTablesWithRelations, is, type Query } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Database } from '../database.ts';
import { rememberBuilders } from '../trace.ts';
import { KitDialect } from './dialect.ts';
import {
  createTableRelationsHelpers,
  extractTablesRelationalConfig,
  PgDatabase,
  PgTransaction,
} from './drizzle.ts';
import { KitQuery, KitSession } from './session.ts';
import type { Statement } from './statement.ts';

export { type KitSession, sessionOf } from './session.ts';
export type { Statement } from './statement.ts';

/**
 * Drizzle's handle over a guarded driver's.
 *
 * @param options.remembersBuilders see `rememberBuilders`; of its transactions too
 */
export function toDatabase<S extends Record<string, unknown>>(
  sql: postgres.ISql,
  schema: S,
  { remembersBuilders }: { readonly remembersBuilders: boolean },
): Database<S> {
  const { tables, tableNamesMap } = extractTablesRelationalConfig<ExtractTablesWithRelations<S>>(
    schema,
    createTableRelationsHelpers,
  );
  const relational = { fullSchema: schema, schema: tables, tableNamesMap };
  const dialect = new KitDialect();
  const session = new KitSession(sql, dialect, relational, remembersBuilders);
  const db: Database<S> = new PgDatabase(dialect, session, relational);
  if (remembersBuilders) rememberBuilders(db);
  return db;
}

/** The statement of a query that Drizzle built on such a handle; undefined for another's. */
export function statementOf(
  query: { prepare(name: string): unknown } | { getQuery(): Query },
  session: KitSession,
): Statement | undefined {
  const built = 'prepare' in query ? query.prepare('hot') : session.queryOf(query.getQuery());
  return is(built, KitQuery) ? built.statement : undefined;
}

/** Whether a handle is an open transaction's. */
export const isTransaction = (db: object): boolean => is(db, PgTransaction);
