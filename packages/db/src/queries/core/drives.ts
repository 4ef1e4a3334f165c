import {
  ConflictError,
  ForbiddenError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type Drive,
  driveMembers,
  drives,
  insertDriveSchema,
  updateDriveSchema,
  users,
} from '../../schema/index.ts';
import { managesDrive, seesDrive, seesDriveAmongMany } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { driveDetail } from './columns.ts';
import { requireLiveManagedDrive } from './drive-rights.ts';
import { slugFrom } from './slug.ts';

const newDriveSchema = insertDriveSchema
  .pick({ ownerId: true, name: true, slug: true })
  .partial({ slug: true });

const slugTaken = {
  drives_ownerId_slug_key: () =>
    new ConflictError('You already have a drive with this slug. Choose another.'),
};

/**
 * Creates a drive, with its owner as first member.
 *
 * @param params.slug its address among the owner's drives; without one, made from the name and
 *   numbered (`docs`, `docs-2`, …) until it is free, also under concurrent calls
 * @throws ConflictError when a given slug is taken
 * @throws NotFoundError when the owner does not exist
 * @throws InvalidInputError for a name or slug that the schema refuses
 */
export async function createDrive(
  db: Db,
  params: { ownerId: string; name: string; slug?: string },
): Promise<Drive> {
  const { ownerId, name, slug } = parseInput(newDriveSchema, params);
  return transaction(db, async (tx) => {
    // One drive at a time per owner, so that the free number is still free at the insert.
    const [owner] = await tx
      .select({ id: users.id })
      .from(users)
      .where(eq(users.id, ownerId))
      .for('no key update');
    if (!owner) throw new NotFoundError('There is no such user to own the drive.');

    const drive =
      slug === undefined
        ? await insertUnderFreeSlug(tx, { ownerId, name })
        : await insertUnder(tx, { ownerId, name, slug });
    await tx.insert(driveMembers).values({ driveId: drive.id, userId: ownerId, role: 'OWNER' });
    return drive;
  });
}

async function insertUnder(
  tx: Tx,
  values: { ownerId: string; name: string; slug: string },
): Promise<Drive> {
  const inserted = await mapConstraints(
    () => tx.insert(drives).values(values).returning(driveDetail),
    slugTaken,
  );
  return onlyRow(inserted);
}

/** No owner gets or renames more drives than this during one insert. */
const maxSlugAttempts = 20;

// A transfer to this owner, or a renaming, takes a slug without the owner's lock. Then the insert
// finds it taken, and tries the next free one.
async function insertUnderFreeSlug(
  tx: Tx,
  { ownerId, name }: { ownerId: string; name: string },
): Promise<Drive> {
  for (let attempt = 0; attempt < maxSlugAttempts; attempt++) {
    const slug = await freeSlug(tx, ownerId, slugFrom(name));
    const [drive] = await tx
      .insert(drives)
      .values({ ownerId, name, slug })
      .onConflictDoNothing({ target: [drives.ownerId, drives.slug] })
      .returning(driveDetail);
    if (drive) return drive;
  }
  throw new ConflictError(
    'Your drives changed too often to find a free slug. Give this one a slug.',
  );
}

async function freeSlug(db: Db, ownerId: string, base: string): Promise<string> {
  const candidate = sql<string>`case when n = 1 then ${base}::text else ${base}::text || '-' || n end`;
  const rows: { slug: string }[] = await db.execute(sql`
    select ${candidate} as slug from generate_series(1, 1000) n
    where not exists (
      select 1 from ${drives} where ${drives.ownerId} = ${ownerId} and ${drives.slug} = ${candidate})
    order by n limit 1`);
  const free = rows[0]?.slug;
  if (!free) throw new ConflictError(`A thousand drives are named ${base}. Choose another name.`);
  return free;
}

/**
 * A drive that the user may see: as owner, member, or holder of a grant on one of its pages.
 * @returns undefined when there is none
 */
export async function getDrive(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<Drive | undefined> {
  const [drive] = await db
    .select(driveDetail)
    .from(drives)
    .where(and(eq(drives.id, driveId), seesDrive(userId)));
  return drive;
}

/** @throws NotFoundError when there is no such drive, or none that this user sees */
export async function requireDrive(
  db: Db,
  params: { userId: string; driveId: string },
): Promise<Drive> {
  const drive = await getDrive(db, params);
  if (!drive) throw new NotFoundError('There is no such drive, or you may not see it.');
  return drive;
}

/** Gets a drive by its address: the owner and the slug. */
export async function getDriveBySlug(
  db: Db,
  { userId, ownerId, slug }: { userId: string; ownerId: string; slug: string },
): Promise<Drive | undefined> {
  const [drive] = await db
    .select(driveDetail)
    .from(drives)
    .where(and(eq(drives.ownerId, ownerId), eq(drives.slug, slug), seesDrive(userId)));
  return drive;
}

const latestFirst = keyset([
  { column: drives.createdAt, direction: 'desc' },
  { column: drives.id, direction: 'desc' },
]);

/**
 * Lists the drives that a user may see, latest first.
 * @param params.trashed true for those in the trash, which only owner and ADMIN see
 */
export async function listDrives(
  db: Db,
  params: PageRequest & { userId: string; trashed?: boolean },
): Promise<KeysetPage<Drive>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...driveDetail, ...seek.select })
      .from(drives)
      .where(
        and(
          seesDriveAmongMany(params.userId),
          eq(drives.isTrashed, params.trashed ?? false),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const driveChangesSchema = updateDriveSchema
  .pick({ name: true, slug: true })
  .strict()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');

/**
 * Renames a drive or changes its address.
 *
 * @throws NotFoundError, ForbiddenError when the user does not see or does not administer it
 * @throws ConflictError when the slug is taken, or the drive is in the trash
 */
export async function updateDrive(
  db: Db,
  { userId, driveId, changes }: { userId: string; driveId: string; changes: DriveChanges },
): Promise<Drive> {
  const values = parseInput(driveChangesSchema, changes);
  const [drive] = await mapConstraints(
    () =>
      db
        .update(drives)
        .set(values)
        .where(
          and(eq(drives.id, driveId), eq(drives.isTrashed, false), managesDrive(userId, drives.id)),
        )
        .returning(driveDetail),
    slugTaken,
  );
  if (drive) return drive;
  await requireLiveManagedDrive(db, { userId, driveId });
  throw new ConflictError('Your role in this drive changed meanwhile. Try again.');
}
export type DriveChanges = z.input<typeof driveChangesSchema>;

/**
 * Trashes a drive; its pages stay unchanged and come back with it.
 *
 * @throws NotFoundError when the user does not see it
 * @throws ForbiddenError when the user does not own it
 * @throws ConflictError when it is there already
 */
export async function trashDrive(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<Drive> {
  return setTrashed(db, { userId, driveId, trashed: true });
}

/**
 * Restores a drive from the trash.
 *
 * @throws NotFoundError when the user does not see it
 * @throws ForbiddenError when the user does not own it
 * @throws ConflictError when it is not in the trash
 */
export async function restoreDrive(
  db: Db,
  { userId, driveId }: { userId: string; driveId: string },
): Promise<Drive> {
  return setTrashed(db, { userId, driveId, trashed: false });
}

async function setTrashed(
  db: Db,
  { userId, driveId, trashed }: { userId: string; driveId: string; trashed: boolean },
): Promise<Drive> {
  const [drive] = await db
    .update(drives)
    .set({ isTrashed: trashed, trashedAt: trashed ? sql`now()` : null })
    .where(and(eq(drives.id, driveId), eq(drives.ownerId, userId), eq(drives.isTrashed, !trashed)))
    .returning(driveDetail);
  if (drive) return drive;
  const found = await requireDrive(db, { userId, driveId });
  if (found.ownerId !== userId)
    throw new ForbiddenError('Only the owner of this drive may do that.');
  throw new ConflictError(`This drive is ${trashed ? 'already' : 'not'} in the trash.`);
}
