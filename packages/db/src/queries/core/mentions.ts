import {
  type KeysetPage,
  keyset,
  type ListSeek,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, inArray, isNotNull, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { cuidSchema } from '../../schema/fields.ts';
import { mentions, pages, users } from '../../schema/index.ts';
import {
  grantedPages,
  hasPageRight,
  hasPageRightAmongMany,
  inLiveDrive,
  wholeDrives,
} from '../permissions/access.ts';
import { pageSummaryFor } from './columns.ts';
import { requireLivePage } from './page-rights.ts';
import type { PageSummary } from './pages.ts';
import { tellOfMention } from './tell-of-mention.ts';

const targetsSchema = z.object({
  pageIds: z.array(cuidSchema).max(1000).default([]),
  userIds: z.array(cuidSchema).max(1000).default([]),
});

/**
 * Replaces a page's mentions. People who are newly named and may view the page are notified. If two
 * calls come at once, the second replaces the mentions of the first.
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
    const { driveId } = await requireLivePage(tx, {
      userId,
      pageId,
      right: 'canEdit',
      hold: 'no key update',
    });
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
    const source = { sourceDriveId: driveId, sourcePageId: pageId };
    const rows = [
      ...pageIds.map((targetPageId) => ({ ...source, targetPageId })),
      ...userIds.map((targetUserId) => ({ ...source, targetUserId })),
    ];
    if (rows.length === 0) return { added: 0, removed: removed.length };
    const added = await mapConstraints(
      tx
        .insert(mentions)
        .values(rows)
        .onConflictDoNothing()
        .returning({ targetUserId: mentions.targetUserId }),
      { mentions_targetPageId_fkey: noSuchTarget, mentions_targetUserId_fkey: noSuchPerson },
    );
    const named = added.flatMap(({ targetUserId }) => targetUserId ?? []);
    await tellOfMention(tx, { actorId: userId, pageId, userIds: named });
    return { added: added.length, removed: removed.length };
  });
}

const noSuchTarget = () =>
  new NotFoundError('A page to mention does not exist, or you may not see it.');
const noSuchPerson = () => new NotFoundError('A person to mention does not exist.');

async function requireVisible(db: Db, userId: string, pageIds: string[]): Promise<void> {
  if (pageIds.length === 0) return;
  const seen = await db
    .select({ id: pages.id })
    .from(pages)
    .where(and(inArray(pages.id, pageIds), hasPageRight(userId, 'canView')));
  if (seen.length < pageIds.length) throw noSuchTarget();
}

async function requirePeople(db: Db, userIds: string[]): Promise<void> {
  if (userIds.length === 0) return;
  const found = await db.select({ id: users.id }).from(users).where(inArray(users.id, userIds));
  if (found.length < userIds.length) throw noSuchPerson();
}

const latestFirst = keyset([
  { column: mentions.createdAt, direction: 'desc' },
  { column: mentions.id, direction: 'desc' },
]);

/** Lists the pages that mention a page, among those the user may see, latest mention first. */
export async function listPagesMentioning(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<PageSummary>> {
  return listSources(db, params, eq(mentions.targetPageId, params.pageId));
}

/** Lists the pages that mention the user, among those the user may see, latest mention first. */
export async function listPagesMentioningMe(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<PageSummary>> {
  return listSources(db, params, eq(mentions.targetUserId, params.userId));
}

async function listSources(
  db: Db,
  params: PageRequest & { userId: string },
  target: SQL,
): Promise<KeysetPage<PageSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...pageSummaryFor(params.userId), ...seek.select })
      .from(mentions)
      .innerJoin(pages, eq(pages.id, mentions.sourcePageId))
      .where(
        and(
          sql`${mentions.id} = any (${sourceIds(db, params.userId, target, seek)})`,
          sql`not ${pages.isTrashed}`,
          hasPageRight(params.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Up to this many mentions of one page or person are read one by one; most people hold more rights.
 */
const FEW_MENTIONS = 25;

/**
 * The ids that hold one page of the list: all mentions if they are few, else those that the user's
 * rights lead to.
 */
function sourceIds(db: Db, userId: string, target: SQL, seek: ListSeek): SQL {
  const all = db
    .select({ id: mentions.id })
    .from(mentions)
    .where(target)
    .limit(FEW_MENTIONS + 1);
  return sql`case when (select count(*) <= ${sql.raw(String(FEW_MENTIONS))} from (${all}) "few")
    then array(${all}) else ${firstSources(db, userId, target, seek)} end`;
}

/**
 * The ids of one page of mentions, found from the user's rights: the first of each drive that the user
 * may view whole, and the one, if any, of each page granted to them.
 *
 * From the target, a guest's query would read every mention of a popular page to show three. The
 * inner limits keep the planner from starting there.
 */
function firstSources(db: Db, userId: string, target: SQL, seek: ListSeek): SQL {
  const key = { id: mentions.id, createdAt: mentions.createdAt };
  const ofDrive = db
    .select(key)
    .from(mentions)
    .innerJoin(pages, eq(pages.id, mentions.sourcePageId))
    .where(
      and(
        target,
        sql`${mentions.sourceDriveId} = "whole"."id"`,
        sql`not ${pages.isTrashed}`,
        seek.where,
      ),
    )
    .orderBy(...seek.orderBy)
    .limit(seek.limit);
  const ofPage = db
    .select({ ...key, pageId: mentions.sourcePageId })
    .from(mentions)
    .where(and(target, sql`${mentions.sourcePageId} = "granted"."pageId"`, seek.where))
    .limit(1);
  // Both have the table's name, so that the order of the list applies to them.
  return sql`array(
    select ${mentions.id} from (
      select "first".* from unnest(${wholeDrives(userId, 'canView')}) "whole" ("id")
        cross join lateral (${ofDrive}) "first"
      union
      select "only"."id", "only"."createdAt" from (${grantedPages(userId, 'canView')}) "granted"
        cross join lateral (${ofPage}) "only" ("id", "createdAt", "pageId")
        join ${pages} on ${pages.id} = "only"."pageId" and not ${pages.isTrashed} and ${inLiveDrive}
    ) ${mentions}
    order by ${sql.join(seek.orderBy, sql`, `)} limit ${seek.limit})`;
}

const byTitle = keyset([{ column: pages.title }, { column: pages.id }]);

/** Lists the pages that a page mentions, among those the user may see, by title. */
export async function listMentionedPages(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<PageSummary>> {
  // The source must be visible as well, because mentions reveal its content.
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
