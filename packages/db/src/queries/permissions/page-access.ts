import {
  type KeysetPage,
  keyset,
  type PageRequest,
  type Placeholders,
  type PreparedSeek,
  parseInput,
  parseLimit,
  prepared,
  preparedPages,
} from '@reference/kit';
import { and, eq, not, or, sql } from 'drizzle-orm';
import { alias, unionAll } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { drives, pagePermissions, pages } from '../../schema/index.ts';
import {
  accessRows,
  holdsWholeDrive,
  lastingRightsOf,
  managesDrive,
  noAccess,
  type PageAccess,
  type PageRight,
  rightsOf,
  unexpiredGrant,
} from './access.ts';

/**
 * Gives a user's rights on a page. `access.ts` states the rules.
 *
 * @returns all false also for an unknown page or user, so that nobody can tell that a hidden page
 *   exists
 */
export async function getPageAccess(
  db: Db,
  params: { userId: string; pageId: string },
): Promise<PageAccess> {
  const [row] = await rowsOfPage(db, params);
  return row ? rightsOf(row) : noAccess;
}

/**
 * Gives a user's rights on a page, and their end: null for none. For granting, because a grant must
 * not outlast the rights of its giver.
 */
export async function getAuthority(
  db: Db,
  params: { userId: string; pageId: string },
): Promise<{ access: PageAccess; until: (rights: readonly PageRight[]) => Date | null }> {
  const [row] = await rowsOfPage(db, params);
  if (!row) return { access: noAccess, until: () => null };
  const lasting = lastingRightsOf(row);
  return {
    access: rightsOf(row),
    until: (rights) => (rights.every((right) => lasting[right]) ? null : row.expiresAt),
  };
}

/**
 * Gives a user's rights on each of up to 500 pages, in one statement.
 *
 * @returns an entry for every id asked for, in the order asked
 * @throws InvalidInputError for more than 500 ids
 */
export async function getAccessToPages(
  db: Db,
  params: { userId: string; pageIds: readonly string[] },
): Promise<Map<string, PageAccess>> {
  const { pageIds } = parseInput(z.object({ pageIds: z.array(z.string()).max(500) }), params);
  const access = new Map(pageIds.map((id) => [id, noAccess]));
  if (pageIds.length === 0) return access;
  const rows = await rowsOfPages(db, { userId: params.userId, pageIds });
  for (const row of rows) access.set(row.pageId, rightsOf(row));
  return access;
}

const rowsOfPage = prepared((db: Db, p: Placeholders<{ userId: string; pageId: string }>) =>
  accessRows(db, p.userId, eq(pages.id, p.pageId)),
);
const rowsOfPages = prepared(
  (db: Db, p: Placeholders<{ userId: string; pageIds: readonly string[] }>) =>
    accessRows(db, p.userId, sql`${pages.id} = any(${p.pageIds})`),
);

const driven = alias(pages, 'driven');
const byId = keyset([{ column: pages.id }]);
const idsAtOnce = { most: 10_000, usual: 1000 } as const;

/**
 * Lists the ids of the pages of a drive on which a user has a right, in the order of ids. The
 * answer is that of `getPageAccess` for each page.
 *
 * @param params.right default canView
 * @param params.limit 1 to 10,000 ids; default 1,000
 * @throws InvalidInputError for a malformed cursor or limit
 */
export async function listAccessiblePageIds(
  db: Db,
  params: PageRequest & { userId: string; driveId: string; right?: PageRight },
): Promise<KeysetPage<{ id: string }>> {
  const { userId, driveId, right = 'canView', after, before } = params;
  const limit = parseLimit(params.limit, idsAtOnce);
  return accessibleIds[right](db, { userId, driveId }, { after, before, limit });
}

function idsOfRight(
  db: Db,
  { userId, driveId }: Placeholders<{ userId: string; driveId: string }>,
  right: PageRight,
  seek: PreparedSeek,
) {
  // A scalar subquery is an InitPlan: it runs once per statement and not per page, and the branch
  // that it rules out never runs.
  const manages = sql`(select ${managesDrive(userId, sql`${driveId}`)})`;
  const whole = holdsWholeDrive(userId, driveId, right);
  const isLiveDrive = sql`(select not ${drives.isTrashed} from ${drives} where ${drives.id} = ${driveId})`;

  const all = db
    .select({ id: pages.id })
    .from(pages)
    .where(and(eq(pages.driveId, driveId), whole, or(not(pages.isTrashed), manages), seek.where))
    .orderBy(...seek.orderBy)
    .limit(seek.limit);
  // Looks each grant up in the drive, in the order of ids. With a join the planner would read the
  // whole drive instead, which it takes for an average one; it does not merge a subquery with a
  // limit. The alias "pages" lets the list's conditions and order apply.
  const grants = db
    .select({ id: sql<string>`${pagePermissions.pageId}`.as('id') })
    .from(pagePermissions)
    .where(and(eq(pagePermissions.userId, userId), pagePermissions[right], unexpiredGrant))
    .as('pages');
  const inDrive = db
    .select({ isThere: sql`true`.as('isThere') })
    .from(driven)
    .where(and(eq(driven.driveId, driveId), eq(driven.id, pages.id), not(driven.isTrashed)))
    .limit(1)
    .as('inDrive');
  const granted = db
    .select({ id: pages.id })
    .from(grants)
    .crossJoinLateral(inDrive)
    .where(and(isLiveDrive, not(whole), seek.where))
    .orderBy(...seek.orderBy)
    .limit(seek.limit);
  // At most one branch gives rows, each in order, so the union needs no sort.
  return unionAll(all, granted);
}

const hotIds = (right: PageRight) =>
  preparedPages(
    byId,
    (db: Db, p: Placeholders<{ userId: string; driveId: string }>, seek) =>
      idsOfRight(db, p, right, seek),
    { keysOfRow: ({ id }) => [id] },
  );
const accessibleIds = {
  canView: hotIds('canView'),
  canEdit: hotIds('canEdit'),
  canShare: hotIds('canShare'),
  canDelete: hotIds('canDelete'),
};
