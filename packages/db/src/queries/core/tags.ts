import {
  ConflictError,
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, exists, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  drives,
  insertTagSchema,
  pages,
  pageTags,
  type Tag,
  tags,
  updateTagSchema,
} from '../../schema/index.ts';
import { hasPageRight, seesDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { pageSummaryFor } from './columns.ts';
import { requireLiveManagedDrive } from './drive-rights.ts';
import { noSuchDrive } from './locked-drive.ts';
import { noSuchPage, requireLivePage } from './page-rights.ts';
import type { PageSummary } from './pages.ts';

const tagDetail = {
  id: tags.id,
  driveId: tags.driveId,
  name: tags.name,
  color: tags.color,
  createdAt: tags.createdAt,
  updatedAt: tags.updatedAt,
};

const nameTaken = {
  tags_driveId_name_key: () =>
    new ConflictError('This drive has a tag of that name already. Use it, or choose another name.'),
};

const newTagSchema = insertTagSchema.pick({ driveId: true, name: true, color: true });

/**
 * Creates a tag in a drive that the user owns or administers.
 *
 * @throws ConflictError when the drive has a tag of that name, whatever its case
 * @throws NotFoundError, ForbiddenError when the user does not see or administer the drive
 */
export async function createTag(
  db: Db,
  params: { userId: string; driveId: string; name: string; color?: string | null },
): Promise<Tag> {
  const values = parseInput(newTagSchema, params);
  await requireLiveManagedDrive(db, { userId: params.userId, driveId: values.driveId });
  const rows = await mapConstraints(() => db.insert(tags).values(values).returning(tagDetail), {
    ...nameTaken,
    tags_driveId_fkey: noSuchDrive,
  });
  return onlyRow(rows);
}

const tagChangesSchema = updateTagSchema
  .strict()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');

/** Renames or recolours a tag. Rights and errors are those of `createTag`. */
export async function updateTag(
  db: Db,
  params: { userId: string; tagId: string; changes: z.input<typeof tagChangesSchema> },
): Promise<Tag> {
  const changes = parseInput(tagChangesSchema, params.changes);
  await requireManagedTag(db, params);
  const [tag] = await mapConstraints(
    () => db.update(tags).set(changes).where(eq(tags.id, params.tagId)).returning(tagDetail),
    nameTaken,
  );
  if (!tag) throw new NotFoundError('There is no such tag.');
  return tag;
}

/** Deletes a tag, from all pages too. Rights and errors are those of `createTag`. */
export async function deleteTag(db: Db, params: { userId: string; tagId: string }): Promise<void> {
  await requireManagedTag(db, params);
  await db.delete(tags).where(eq(tags.id, params.tagId));
}

async function requireManagedTag(db: Db, { userId, tagId }: { userId: string; tagId: string }) {
  const [tag] = await db
    .select({ driveId: tags.driveId })
    .from(tags)
    .innerJoin(drives, eq(drives.id, tags.driveId))
    .where(and(eq(tags.id, tagId), seesDrive(userId)));
  if (!tag) throw new NotFoundError('There is no such tag, or you may not see its drive.');
  await requireLiveManagedDrive(db, { userId, driveId: tag.driveId });
}

const byName = keyset([
  { expression: sql`lower(${tags.name})`, type: 'text', nullable: false },
  { column: tags.id },
]);

/** Lists the tags of a drive that the user sees, by name. */
export async function listTags(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<Tag>> {
  return listPage(byName, params, (seek) =>
    db
      .select({ ...tagDetail, ...seek.select })
      .from(tags)
      .innerJoin(drives, eq(drives.id, tags.driveId))
      .where(and(eq(tags.driveId, params.driveId), seesDrive(params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Puts a tag on a page. A second call changes nothing.
 *
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 * @throws InvalidInputError when the tag belongs to another drive
 */
export async function tagPage(
  db: Db,
  { userId, pageId, tagId }: { userId: string; pageId: string; tagId: string },
): Promise<void> {
  const { driveId } = await requireLivePage(db, { userId, pageId, right: 'canEdit' });
  await mapConstraints(
    () => db.insert(pageTags).values({ driveId, pageId, tagId }).onConflictDoNothing(),
    {
      page_tags_driveId_pageId_fkey: noSuchPage,
      page_tags_driveId_tagId_fkey: () =>
        new InvalidInputError(
          'This tag belongs to another drive. Create it in the page’s drive first.',
        ),
    },
  );
}

/**
 * Removes a tag from a page.
 * @returns whether the page carried it
 * @throws NotFoundError, ForbiddenError when the user does not see or may not edit the page
 */
export async function untagPage(
  db: Db,
  { userId, pageId, tagId }: { userId: string; pageId: string; tagId: string },
): Promise<boolean> {
  await requireLivePage(db, { userId, pageId, right: 'canEdit' });
  const removed = await db
    .delete(pageTags)
    .where(and(eq(pageTags.pageId, pageId), eq(pageTags.tagId, tagId)))
    .returning({ tagId: pageTags.tagId });
  return removed.length > 0;
}

/** Lists the tags of a page that the user may see, by name. */
export async function listPageTags(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<Tag>> {
  return listPage(byName, params, (seek) =>
    db
      .select({ ...tagDetail, ...seek.select })
      .from(pageTags)
      .innerJoin(tags, eq(tags.id, pageTags.tagId))
      .where(
        and(
          eq(pageTags.pageId, params.pageId),
          exists(
            db
              .select({ id: pages.id })
              .from(pages)
              .where(and(eq(pages.id, params.pageId), hasPageRight(params.userId, 'canView'))),
          ),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const latestTagged = keyset([
  { column: pageTags.createdAt, direction: 'desc' },
  { column: pageTags.pageId, direction: 'desc' },
]);

/**
 * Lists the pages that carry a tag, among those the user may see, outside the trash, latest tagged
 * first.
 */
export async function listPagesByTag(
  db: Db,
  params: PageRequest & { userId: string; driveId: string; tagId: string },
): Promise<KeysetPage<PageSummary>> {
  return listPage(latestTagged, params, (seek) =>
    db
      .select({ ...pageSummaryFor(params.userId), ...seek.select })
      .from(pageTags)
      .innerJoin(pages, eq(pages.id, pageTags.pageId))
      .where(
        and(
          eq(pageTags.driveId, params.driveId),
          eq(pageTags.tagId, params.tagId),
          eq(pages.isTrashed, false),
          hasPageRight(params.userId, 'canView'),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
