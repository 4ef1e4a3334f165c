import { type Placeholder, type Query, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import {
  type KitSession,
  type Statement,
  sessionOf,
  statementOf,
} from './drizzle-internals/handle.ts';
import { UsageError } from './errors.ts';

/** A placeholder for each parameter of a hot query. */
export type Placeholders<P> = { readonly [K in keyof P & string]: Placeholder<K, P[K]> };

/**
 * A Drizzle query that can be built once: a select, a write with or without `returning`, a relational
 * query, or `db.execute`, whose rows are the driver's.
 */
export type Buildable = PromiseLike<unknown> &
  ({ prepare(name: string): unknown } | { getQuery(): Query });

/** The result of an awaited query. */
export type Rows<Q> = Q extends PromiseLike<infer R> ? R : never;

/**
 * A hot query: Drizzle builds it once for the process instead of once a call, and each call only
 * binds, sends and reads. Give it what any query function takes: the pool's handle or a transaction.
 *
 * Every parameter must be a placeholder, also the limit: with a number in its text the statement
 * gets a plan for any limit. Two exceptions: write fixed booleans into the text, since a partial or
 * covering index is not chosen for a bound one. `inArray` can't take a placeholder; use
 * ``sql`${column} = any(${p.ids})` ``. A placeholder that is written several times is one
 * parameter, whose type PostgreSQL takes from its first use; cast it where another type is needed.
 * On a client with replicas, a select goes to one of them.
 *
 * @param build gets a handle and a placeholder for each parameter, returns the query; it runs once
 * @param options.replan lets the server plan it for the values of each call, which costs a
 *   millisecond or two. Use it if the values decide which index is best, as the words of a search
 *   do. Otherwise PostgreSQL keeps a generic plan from the sixth call on, if its estimated cost is
 *   no higher
 * @returns the query as a function of handle and parameters
 * @example
 * const pageById = prepared(
 *   (db: Database<Schema>, p: Placeholders<{ id: string; limit: number }>) =>
 *     db.select({ id: pages.id, title: pages.title }).from(pages).where(eq(pages.id, p.id)).limit(p.limit),
 * );
 * const [page] = await pageById(db, { id, limit: 1 });
 */
export function prepared<S extends Record<string, unknown>, P, Q extends Buildable>(
  build: (db: Database<S>, placeholders: Placeholders<P>) => Q,
  { replan = false }: { readonly replan?: boolean } = {},
): (db: Database<S>, params: P & Record<string, unknown>) => Promise<Rows<Q>> {
  let statement: Statement | undefined;
  const run = (db: Database<S>, params: Record<string, unknown>, known: Statement) =>
    sessionFor(db, known).run(known, params) as Promise<Rows<Q>>;
  const buildAndRun = async (db: Database<S>, params: Record<string, unknown>) => {
    statement = { ...buildOnce(build, db), replan };
    return run(db, params, statement);
  };
  return (db, params) => (statement ? run(db, params, statement) : buildAndRun(db, params));
}

function buildOnce<S extends Record<string, unknown>, P>(
  build: (db: Database<S>, placeholders: Placeholders<P>) => Buildable,
  db: Database<S>,
): Statement {
  const placeholders = new Proxy({} as Placeholders<P>, {
    get: (_, name) => sql.placeholder(String(name)),
  });
  const statement = statementOf(build(db, placeholders), sessionOf(db, 'prepared()'));
  if (statement) return statement;
  throw new UsageError('prepared() needs a handle that createClient made.');
}

function sessionFor(db: object, statement: Statement): KitSession {
  const chosen =
    '$replicas' in db && Array.isArray(db.$replicas) && isRead(statement)
      ? db.$replicas[Math.floor(Math.random() * db.$replicas.length)]
      : db;
  return sessionOf(chosen, 'prepared()');
}

/** A union begins with a bracket; a `with` may hold a write. */
const isRead = ({ text }: Statement) =>
  /^[\s(]*(select|with)\b/i.test(text) &&
  !/\b(for (no key )?(update|share)|insert into|update|delete from|merge into)\b/i.test(text);
