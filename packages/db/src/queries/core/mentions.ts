import {
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, inArray, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { cuidSchema } from '../../schema/fields.ts';
import { mentions, pages, users } from '../../schema/index.ts';
import { hasPageRight, hasPageRightAmongMany } from '../permissions/access.ts';
import { pageSummaryFor } from './columns.ts';
import { requireLivePage } from './page-rights.ts';
import type { PageSummary } from './pages.ts';
import { tellOfMention } from './tell-of-mention.ts';

const targetsSchema = z.object({
  pageIds: z.array(cuidSchema).max(1000).default([]),
  userIds: z.array(cuidSchema).max(1000).default([]),
});

/**
 * Makes a page's mentions exactly these: adds what is new, removes what is gone. People who are newly
 * named and may view the page are told. If two calls come at once, the second replaces the mentions of the first.
 *
 * @param params.pageIds pages that the content names; the user must see each
 * @param params.userIds people that the content names
 * @returns how many were added and removed
 * @throws NotFoundError when a target does not exist or the user may not see it; nothing is changed
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 */
export async function setPageMentions(
  db: Db,
  params: { userId: string; pageId: string; pageIds?: string[]; userIds?: string[] },
): Promise<{ added: number; removed: number }> {
  const targets = parseInput(targetsSchema, params);
  const pageIds = [...new Set(targets.pageIds)].filter((id) => id !== params.pageId);
  const userIds = [...new Set(targets.userIds)];
  const { userId, pageId } = params;
  return transaction(db, async (tx) => {
    await requireLivePage(tx, { userId, pageId, right: 'canEdit', hold: 'no key update' });
    await requireVisible(tx, userId, pageIds);
    await requirePeople(tx, userIds);
    const removed = await tx
      .delete(mentions)
      .where(
        and(
          eq(mentions.sourcePageId, pageId),
          or(
            and(isNotNull(mentions.targetPageId), notInArray(mentions.targetPageId, pageIds)),
            and(isNotNull(mentions.targetUserId), notInArray(mentions.targetUserId, userIds)),
          ),
        ),
      )
      .returning({ id: mentions.id });
    const rows = [
      ...pageIds.map((targetPageId) => ({ sourcePageId: pageId, targetPageId })),
      ...userIds.map((targetUserId) => ({ sourcePageId: pageId, targetUserId })),
    ];
    if (rows.length === 0) return { added: 0, removed: removed.length };
    const added = await tx
      .insert(mentions)
      .values(rows)
      .onConflictDoNothing()
      .returning({ targetUserId: mentions.targetUserId });
    const named = added.flatMap(({ targetUserId }) => targetUserId ?? []);
    await tellOfMention(tx, { actorId: userId, pageId, userIds: named });
    return { added: added.length, removed: removed.length };
  });
}

async function requireVisible(db: Db, userId: string, pageIds: string[]): Promise<void> {
  if (pageIds.length === 0) return;
  const seen = await db
    .select({ id: pages.id })
    .from(pages)
    .where(and(inArray(pages.id, pageIds), hasPageRight(userId, 'canView')));
  if (seen.length < pageIds.length)
    throw new NotFoundError('A page to mention does not exist, or you may not see it.');
}

async function requirePeople(db: Db, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return;
  const found = await db.select({ id: users.id }).from(users).where(inArray(users.id, userIds));
  if (found.length < userIds.length) throw new NotFoundError('A person to mention does not exist.');
}

const latestFirst = keyset([
  { column: mentions.createdAt, direction: 'desc' },
  { column: mentions.id, direction: 'desc' },
]);

/** The pages that mention a page, among those the user may see, latest mention first. */
export async function listPagesMentioning(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<PageSummary>> {
  return listSources(db, params, eq(mentions.targetPageId, params.pageId));
}

/** The pages that mention the user, among those the user may see, latest mention first. */
export async function listPagesMentioningMe(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<PageSummary>> {
  return listSources(db, params, eq(mentions.targetUserId, params.userId));
}

async function listSources(
  db: Db,
  params: PageRequest & { userId: string },
  target: ReturnType<typeof eq>,
): Promise<KeysetPage<PageSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...pageSummaryFor(params.userId), ...seek.select })
      .from(mentions)
      .innerJoin(pages, eq(pages.id, mentions.sourcePageId))
      .where(
        and(
          target,
          sql`not ${pages.isTrashed}`,
          hasPageRight(params.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const byTitle = keyset([{ column: pages.title }, { column: pages.id }]);

/** The pages that a page mentions, among those the user may see, by title. */
export async function listMentionedPages(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<PageSummary>> {
  // The source must be visible as well: mentions tell of its content.
  const source = db
    .select({ id: pages.id })
    .from(pages)
    .where(and(eq(pages.id, params.pageId), hasPageRight(params.userId, 'canView')));
  return listPage(byTitle, params, (seek) =>
    db
      .select({ ...pageSummaryFor(params.userId), ...seek.select })
      .from(mentions)
      .innerJoin(pages, eq(pages.id, mentions.targetPageId))
      .where(
        and(
          inArray(mentions.sourcePageId, source),
          sql`not ${pages.isTrashed}`,
          hasPageRightAmongMany(params.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
