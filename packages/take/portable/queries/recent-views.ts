import { type KeysetPage, keyset, listPage, type PageRequest, parseInput } from '@reference/kit';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../database.ts';
import { recentViews } from '../schema/recent-views.ts';

const id = z.string().min(1).max(200);

/** Remembers that a person viewed a subject now. Call it after you have checked that they may. */
export async function markViewed(
  db: Database,
  params: { userId: string; subjectId: string },
): Promise<void> {
  const { userId, subjectId } = parseInput(z.object({ userId: id, subjectId: id }), params);
  // Not the transaction's start, so that the order is that of the views.
  const viewedAt = sql`clock_timestamp()`;
  await db
    .insert(recentViews)
    .values({ userId, subjectId, viewedAt })
    .onConflictDoUpdate({
      target: [recentViews.userId, recentViews.subjectId],
      set: { viewedAt },
    });
}

const latestViewed = keyset([
  { column: recentViews.viewedAt, direction: 'desc' },
  { column: recentViews.subjectId, direction: 'desc' },
]);

/**
 * What a person viewed last.
 *
 * @param params.isSeen a condition on the view, so that the list has no subject that is gone or that the
 *   person may no longer see: `exists (select from documents d where d.id = "recent_views"."subjectId")`
 */
export async function listRecentViews(
  db: Database,
  params: PageRequest & { userId: string; isSeen?: SQL },
): Promise<KeysetPage<{ subjectId: string; viewedAt: Date }>> {
  return listPage(latestViewed, params, (seek) =>
    db
      .select({
        subjectId: recentViews.subjectId,
        viewedAt: recentViews.viewedAt,
        ...seek.select,
      })
      .from(recentViews)
      .where(and(eq(recentViews.userId, params.userId), params.isSeen, seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const forgetting = z.object({ userId: id, keep: z.int().min(0).max(10_000).default(200) });

/**
 * Forgets a person's oldest views.
 *
 * @param params.keep how many of the latest stay; default 200
 * @returns how many were forgotten
 */
export async function forgetViews(
  db: Database,
  params: z.input<typeof forgetting>,
): Promise<{ deleted: number }> {
  const { userId, keep } = parseInput(forgetting, params);
  const deleted = await db
    .delete(recentViews)
    .where(
      and(
        eq(recentViews.userId, userId),
        sql`(${recentViews.viewedAt}, ${recentViews.subjectId}) <= (
          select newer."viewedAt", newer."subjectId" from ${recentViews} newer
          where newer."userId" = ${userId}
          order by newer."viewedAt" desc, newer."subjectId" desc offset ${keep} limit 1)`,
      ),
    )
    .returning({ subjectId: recentViews.subjectId });
  return { deleted: deleted.length };
}
