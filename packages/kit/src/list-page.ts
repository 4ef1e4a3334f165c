import type { SQL } from 'drizzle-orm';
import { type PageRequest, parseLimit } from './input.ts';
import type { Keyed, KeysetOrder, KeysetPage } from './keyset.ts';

/** The part of a list's query that depends on the order and on where the page starts. */
export interface ListSeek {
  /** Spread into the select. */
  readonly select: KeysetOrder['select'];
  /** Undefined on the first page. */
  readonly where: SQL | undefined;
  readonly orderBy: SQL[];
  /** Whether the page is read backwards: for a query that orders by a fixed column before the keys. */
  readonly reversed: boolean;
  /** One row more than the page holds, to know whether another follows. */
  readonly limit: number;
}

/**
 * One page of a list: checks the size and the cursor that were asked for, runs the query, and cuts
 * its rows. For a hot list, use `preparedPages`.
 *
 * @param order the order of the list, which its keys make unique
 * @param request the page's cursor and size, unchecked
 * @param query builds the query around its page's part, or gives no rows without asking the database
 * @param limits the usual size of a page and the largest; default 50 and 200
 * @throws InvalidInputError when the size is out of bounds, or the cursor damaged or another list's
 * @example
 * const latestFirst = keyset([{ column: pages.updatedAt, direction: 'desc' }, { column: pages.id }]);
 * const { items, nextCursor } = await listPage(latestFirst, { after: cursor, limit: 20 }, (seek) =>
 *   db
 *     .select({ id: pages.id, title: pages.title, ...seek.select })
 *     .from(pages)
 *     .where(and(eq(pages.driveId, driveId), seek.where))
 *     .orderBy(...seek.orderBy)
 *     .limit(seek.limit),
 * );
 */
export async function listPage<R extends Keyed>(
  order: KeysetOrder,
  { after, before, limit: asked }: PageRequest,
  query: (seek: ListSeek) => PromiseLike<readonly R[]> | readonly R[],
  limits?: { readonly most?: number; readonly usual?: number },
): Promise<KeysetPage<Omit<R, 'cursorKey'>>> {
  const limit = parseLimit(asked, limits);
  const { where, orderBy, page } = order.seek({ after, before });
  const rows = await query({
    select: order.select,
    where,
    orderBy,
    reversed: Boolean(before),
    limit: limit + 1,
  });
  return page(rows, limit);
}
