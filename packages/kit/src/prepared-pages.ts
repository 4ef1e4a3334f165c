import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { cursorOf, type Keyed, type KeysetOrder, type KeysetPage, type Seek } from './keyset.ts';
import { type Buildable, type Placeholders, prepared, type Rows } from './prepared.ts';

/** The part of a page's query that depends on where the page starts. */
export interface PreparedSeek {
  readonly where: SQL | undefined;
  readonly orderBy: SQL[];
  /** Whether the page is read backwards: for a query that orders by a fixed column before the keys. */
  readonly reversed: boolean;
  /** One row more than the page holds, to know whether another follows. */
  readonly limit: Placeholder<'limit', number>;
}

type Row<Q> = Rows<Q> extends readonly (infer R)[] ? R : never;
type Item<Q> = Row<Q> extends Keyed ? Omit<Row<Q>, 'cursorKey'> : Row<Q>;

/**
 * A list whose every page is a hot query (see `prepared`): the first one, and those after or before
 * a cursor, so that page 10,000 costs what page 1 does. Each kind is built on first use.
 *
 * @param order the order of the list; spread its `select` into the query's
 * @param build gets a handle, a placeholder for each parameter, and the page's part of the query
 * @param options.keysOfRow for keys that are all texts and stand in the row: gives them, so that the query
 *   need not select them once more with `order.select`
 * @param options.replan as for `prepared`
 * @returns the list as a function of handle, parameters, and the page's cursor and size
 * @example
 * const messagesOf = preparedPages(latestFirst, (db: Database<Schema>, p: Placeholders<{ pageId: string }>, seek) =>
 *   db
 *     .select({ id: messages.id, content: messages.content, ...latestFirst.select })
 *     .from(messages)
 *     .where(and(eq(messages.pageId, p.pageId), seek.where))
 *     .orderBy(...seek.orderBy)
 *     .limit(seek.limit),
 * );
 * const { items, nextCursor } = await messagesOf(db, { pageId }, { after: cursor, limit: 50 });
 */
export function preparedPages<
  S extends Record<string, unknown>,
  P extends Record<string, unknown>,
  Q extends Buildable,
>(
  order: KeysetOrder,
  build: (db: Database<S>, placeholders: Placeholders<P>, seek: PreparedSeek) => Q,
  options: { readonly keysOfRow?: (row: Row<Q>) => string[]; readonly replan?: boolean } = {},
) {
  const { keysOfRow, replan = false } = options;
  const limit = sql.placeholder('limit') as PreparedSeek['limit'];
  type Run = (db: Database<S>, params: Record<string, unknown>) => Promise<Rows<Q>>;
  const kinds = new Map<string, Run>();
  let firstPage: Run | undefined;

  /** A null key makes another predicate, and so another statement. */
  function runnerFor(keys: readonly (string | null)[] | undefined, reversed: boolean): Run {
    if (!keys) {
      firstPage ??= runnerOf(undefined, reversed);
      return firstPage;
    }
    const kind = `${reversed} ${keys.map((key) => key === null).join()}`;
    const known = kinds.get(kind) ?? runnerOf(keys, reversed);
    kinds.set(kind, known);
    return known;
  }

  function runnerOf(keys: readonly (string | null)[] | undefined, reversed: boolean): Run {
    const bounds = keys?.map((key, index) =>
      key === null ? null : sql.placeholder(`key${index}`),
    );
    const { where, orderBy } = order.seekFrom(bounds, reversed);
    return prepared<S, Record<string, unknown>, Q>(
      (db, placeholders) =>
        build(db, placeholders as Placeholders<P>, { where, orderBy, reversed, limit }),
      { replan },
    );
  }

  return async (
    db: Database<S>,
    params: P,
    page: Seek & { readonly limit: number },
  ): Promise<KeysetPage<Item<Q>>> => {
    const cursor = cursorOf(page);
    const keys = cursor ? order.keysOf(cursor) : undefined;
    const reversed = Boolean(page.before);
    const values = { ...params, limit: page.limit + 1, ...(keys && boundKeys(keys)) };
    const rows = listed<Row<Q> & Keyed>(await runnerFor(keys, reversed)(db, values));
    const resumed = keys !== undefined;
    const result = keysOfRow
      ? order.pageBy(rows, page.limit, { resumed, reversed }, keysOfRow)
      : order.page(rows, page.limit, resumed, reversed);
    return result as KeysetPage<Item<Q>>;
  };
}

const boundKeys = (keys: readonly (string | null)[]) =>
  Object.fromEntries(keys.map((key, index) => [`key${index}`, key]));

function listed<R>(rows: unknown): R[] {
  return Array.isArray(rows) ? rows : [];
}
