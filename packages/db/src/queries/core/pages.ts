import {
  ConflictError,
  type KeysetPage,
  keyset,
  NotFoundError,
  type PageRequest,
  type Placeholders,
  parseInput,
  parseLimit,
  prepared,
  preparedPages,
  transaction,
} from '@reference/kit';
import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertPageSchema,
  type NewPage,
  type Page,
  pagePermissions,
  pages,
  updatePageSchema,
} from '../../schema/index.ts';
import { grantedInDrive, hasPageRight, inLiveDrive, pagesInDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { pageDetail, pageDetailFor, pageSummary, pageSummaryFor } from './columns.ts';
import { keepVersion } from './keep-version.ts';
import { lockDrive } from './locked-drive.ts';
import { mayAddTo, requireLivePage } from './page-rights.ts';
import { childrenOf, parentFirst, positionAt } from './tree-order.ts';

/** A page without the search vector. */
export type PageDetail = Omit<Page, 'searchVector'>;
/** A page as lists show it. */
export type PageSummary = { [K in keyof typeof pageSummary]: Page[K] };

const visiblePage = prepared((db: Db, p: Placeholders<{ userId: string; pageId: string }>) =>
  db
    .select(pageDetailFor(p.userId))
    .from(pages)
    .where(and(eq(pages.id, p.pageId), hasPageRight(p.userId, 'canView'))),
);

/** @returns a page that the user may see, or undefined */
export async function getPage(
  db: Db,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<PageDetail | undefined> {
  const [page] = await visiblePage(db, { userId, pageId });
  return page;
}

/** @throws NotFoundError when there is no such page, or none that this user may see */
export async function requirePage(
  db: Db,
  params: { userId: string; pageId: string },
): Promise<PageDetail> {
  const page = await getPage(db, params);
  if (!page) throw new NotFoundError('There is no such page, or you may not see it.');
  return page;
}

const siblingOrder = keyset([{ column: pages.position }, { column: pages.id }]);

const rootPagesOf = preparedPages(
  siblingOrder,
  (db: Db, p: Placeholders<{ userId: string; driveId: string }>, seek) =>
    db
      .select({ ...pageSummary, ...siblingOrder.select })
      .from(pages)
      .where(and(childrenOf(p.driveId, null), hasPageRight(p.userId, 'canView'), seek.where))
      .orderBy(parentFirst(seek.reversed ? desc : asc), ...seek.orderBy)
      .limit(seek.limit),
);
const childPagesOf = preparedPages(
  siblingOrder,
  (db: Db, p: Placeholders<{ userId: string; driveId: string; parentId: string }>, seek) =>
    db
      .select({ ...pageSummaryFor(p.userId), ...siblingOrder.select })
      .from(pages)
      .where(and(childrenOf(p.driveId, p.parentId), hasPageRight(p.userId, 'canView'), seek.where))
      .orderBy(parentFirst(seek.reversed ? desc : asc), ...seek.orderBy)
      .limit(seek.limit),
);

/**
 * Lists the children of a page that the user may see, in order, outside the trash.
 * @param params.parentId null for the pages at the root of the drive
 */
export async function listChildPages(
  db: Db,
  params: PageRequest & { userId: string; driveId: string; parentId: string | null },
): Promise<KeysetPage<PageSummary>> {
  const { userId, driveId, parentId, after, before } = params;
  const page = { after, before, limit: parseLimit(params.limit) };
  return parentId === null
    ? rootPagesOf(db, { userId, driveId }, page)
    : childPagesOf(db, { userId, driveId, parentId }, page);
}

const latestFirst = keyset([
  { column: pages.updatedAt, direction: 'desc' },
  { column: pages.id, direction: 'desc' },
]);

const drivePagesOf = preparedPages(
  latestFirst,
  (db: Db, p: Placeholders<{ userId: string; driveId: string }>, seek) => {
    const branch = (condition: SQL) =>
      db
        .select({ ...pageSummaryFor(p.userId), ...latestFirst.select })
        .from(pages)
        .where(and(condition, eq(pages.isTrashed, false), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit);
    const { whole } = pagesInDrive(p.userId, p.driveId, 'canView');
    const granted = grantedInDrive(
      p.userId,
      p.driveId,
      'canView',
      (condition) =>
        sql`${db
          .select({ id: pages.id })
          .from(pages)
          .where(and(condition, eq(pages.isTrashed, false), seek.where))
          .orderBy(...seek.orderBy)
          .limit(seek.limit)}`,
    );
    return unionAll(branch(whole), branch(granted));
  },
);

/** Lists the pages of a drive that the user may see, outside the trash, latest change first. */
export async function listDrivePages(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<PageSummary>> {
  const { userId, driveId, after, before } = params;
  const limit = parseLimit(params.limit);
  return drivePagesOf(db, { userId, driveId }, { after, before, limit });
}

const newPageSchema = insertPageSchema
  .omit({
    id: true,
    createdAt: true,
    updatedAt: true,
    originalParentId: true,
    position: true,
    isTrashed: true,
    trashedAt: true,
    lastViewedAt: true,
    revision: true,
  })
  .strict();
/** The fields of a page to create; its place is the end of its parent. */
export type NewPageValues = Omit<
  NewPage,
  | 'id'
  | 'createdAt'
  | 'updatedAt'
  | 'originalParentId'
  | 'position'
  | 'isTrashed'
  | 'trashedAt'
  | 'lastViewedAt'
  | 'revision'
>;

/**
 * Creates a page at the end of a parent, or of the drive's root.
 *
 * The caller needs the right to edit the parent; at the root, they must administer the drive. A
 * caller who does not administer the drive gets the same rights on the new page as on its parent.
 *
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the parent
 * @throws ConflictError when the parent or the drive is in the trash
 * @throws InvalidInputError when a value is wrong
 */
export async function createPage(
  db: Db,
  { userId, page }: { userId: string; page: NewPageValues },
): Promise<PageDetail> {
  const values = parseInput(newPageSchema, page);
  const { driveId, parentId = null } = values;
  return transaction(db, async (tx) => {
    // The parent first, so that an unknown drive gets the same answer as a hidden one.
    if (parentId !== null) await mayAddTo(tx, { userId, driveId, parentId });
    await lockDrive(tx, driveId);
    const managed = await mayAddTo(tx, { userId, driveId, parentId });
    const position = await positionAt(tx, { driveId, parentId, place: 'last' });
    const inserted = await tx
      .insert(pages)
      .values({ ...values, position })
      .returning(pageDetail);
    const created = onlyRow(inserted);
    if (parentId !== null && !managed)
      await passOnGrant(tx, { userId, parentId, pageId: created.id });
    return created;
  });
}

async function passOnGrant(
  db: Db,
  { userId, parentId, pageId }: { userId: string; parentId: string; pageId: string },
) {
  const [grant] = await db
    .select({
      canView: pagePermissions.canView,
      canEdit: pagePermissions.canEdit,
      canShare: pagePermissions.canShare,
      canDelete: pagePermissions.canDelete,
      grantedBy: pagePermissions.grantedBy,
      expiresAt: pagePermissions.expiresAt,
    })
    .from(pagePermissions)
    .where(and(eq(pagePermissions.pageId, parentId), eq(pagePermissions.userId, userId)));
  if (grant) await db.insert(pagePermissions).values({ ...grant, pageId, userId });
}

const pageChangesSchema = updatePageSchema
  .omit({
    parentId: true,
    originalParentId: true,
    position: true,
    isTrashed: true,
    trashedAt: true,
    lastViewedAt: true,
    revision: true,
  })
  .strict()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');
/** The fields of a page that an update may change. Moving, trashing and viewing have functions of their own. */
export type PageChanges = z.input<typeof pageChangesSchema>;

/**
 * Changes a page that nobody has changed since the caller read it. Its former title and content
 * become a version.
 *
 * @param params.revision the page's revision as the caller read it; the new one is higher by one
 * @throws ConflictError when the page has another revision by now, or it or its drive is in the trash
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit it
 */
export async function updatePage(
  db: Db,
  params: { userId: string; pageId: string; revision: number; changes: PageChanges },
): Promise<PageDetail> {
  const { userId, pageId, revision } = params;
  const changes = parseInput(pageChangesSchema, params.changes);
  const which = and(
    eq(pages.id, pageId),
    eq(pages.revision, revision),
    eq(pages.isTrashed, false),
    inLiveDrive,
    hasPageRight(userId, 'canEdit'),
  );
  const update = (handle: Db) =>
    handle
      .update(pages)
      .set({ ...changes, revision: sql`${pages.revision} + 1` })
      .where(which)
      .returning(pageDetailFor(userId));
  if (changes.title === undefined && changes.content === undefined) {
    const [updated] = await update(db);
    return updated ?? refuseUpdate(db, params);
  }
  return transaction(db, async (tx) => {
    await keepVersion(tx, { which, userId, changes });
    const [updated] = await update(tx);
    // Thrown inside the transaction: if the right has ended since, the stored version must roll
    // back too.
    return updated ?? refuseUpdate(tx, params);
  });
}

async function refuseUpdate(
  db: Db,
  { userId, pageId, revision }: { userId: string; pageId: string; revision: number },
): Promise<never> {
  const page = await requireLivePage(db, { userId, pageId, right: 'canEdit' });
  throw new ConflictError(
    `This page changed since you read it: it is at revision ${page.revision}, not ${revision}. Read it again and repeat your change.`,
  );
}
