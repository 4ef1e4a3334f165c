import {
  type KeysetPage,
  keyset,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseLimit,
  preparedPages,
  transaction,
} from '@reference/kit';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { pages, pageViews } from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { pageSummaryFor } from './columns.ts';
import type { PageSummary } from './pages.ts';

/** A page, and when the caller last viewed it. */
export type RecentPage = PageSummary & { readonly viewedAt: Date };

const latestViewed = keyset([
  { column: pageViews.viewedAt, direction: 'desc' },
  { column: pageViews.pageId, direction: 'desc' },
]);

const viewedPages = <Params extends { userId: string }>(
  within: (p: Placeholders<Params>) => SQL | undefined,
) =>
  preparedPages(latestViewed, (db: Db, p: Placeholders<Params>, seek) =>
    db
      .select({
        ...pageSummaryFor(p.userId),
        viewedAt: pageViews.viewedAt,
        ...latestViewed.select,
      })
      .from(pageViews)
      .innerJoin(pages, eq(pages.id, pageViews.pageId))
      .where(
        and(
          eq(pageViews.userId, p.userId),
          sql`not ${pages.isTrashed}`,
          hasPageRight(p.userId, 'canView'),
          within(p),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );

const recentPagesOf = viewedPages<{ userId: string }>(() => undefined);
// `is true` keeps the drive out of the index condition, so the query reads the latest views in
// order and their pages by key. With a plain comparison the planner reads every page of the drive
// to sort the few viewed ones.
const recentDrivePagesOf = viewedPages<{ userId: string; driveId: string }>(
  (p) => sql`(${pages.driveId} = ${p.driveId}) is true`,
);

/**
 * Lists the pages that the user viewed last, among those that they may still see, outside the
 * trash.
 * @param params.driveId only of this drive
 */
export async function listRecentPages(
  db: Db,
  params: PageRequest & { userId: string; driveId?: string },
): Promise<KeysetPage<RecentPage>> {
  const { userId, driveId, after, before } = params;
  const page = { after, before, limit: parseLimit(params.limit) };
  return driveId === undefined
    ? recentPagesOf(db, { userId }, page)
    : recentDrivePagesOf(db, { userId, driveId }, page);
}

/**
 * Records that the user viewed a page now, for their recent pages and as the page's last view by
 * anybody. It is no change of the page.
 *
 * @throws NotFoundError when there is no such page, or none that this user may see
 */
export async function markPageViewed(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<void> {
  await transaction(db, async (tx) => {
    const [viewed] = await tx
      .update(pages)
      .set({ lastViewedAt: sql`clock_timestamp()`, updatedAt: sql`${pages.updatedAt}` })
      .where(and(eq(pages.id, pageId), hasPageRight(userId, 'canView')))
      .returning({ at: pages.lastViewedAt });
    if (!viewed?.at) throw new NotFoundError('There is no such page, or you may not see it.');
    const viewedAt = viewed.at;
    await tx
      .insert(pageViews)
      .values({ userId, pageId, viewedAt })
      .onConflictDoUpdate({ target: [pageViews.userId, pageViews.pageId], set: { viewedAt } });
  });
}
