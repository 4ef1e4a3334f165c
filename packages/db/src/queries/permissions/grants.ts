import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  mapConstraints,
  NotFoundError,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import { drives, insertPagePermissionSchema, pagePermissions, pages } from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { lockDrive } from '../core/locked-drive.ts';
import { notify } from '../notifications/notify.ts';
import { noAccess, type PageAccess, type PageRight, unexpiredGrant } from './access.ts';
import { getAuthority } from './page-access.ts';

/** One person's grant on a page before and after a change; null means none. */
export interface GrantChange {
  readonly pageId: string;
  readonly pageTitle: string;
  readonly driveId: string;
  readonly actorId: string;
  readonly userId: string;
  readonly before: PageAccess | null;
  readonly after: PageAccess | null;
}

const rightsSchema = z.object({
  canEdit: z.boolean().optional(),
  canShare: z.boolean().optional(),
  canDelete: z.boolean().optional(),
});
const termsSchema = insertPagePermissionSchema.pick({ expiresAt: true, note: true });
const grantSchema = rightsSchema.extend(termsSchema.shape);
type Who = { actorId: string; pageId: string; userId: string };

/**
 * Grants a person the right to view a page, and further rights. It replaces an earlier grant.
 *
 * The actor needs the right to share the page. They can neither give nor take away a right that
 * they do not hold, nor give one for longer than they hold it, nor change their own grant.
 *
 * @param params.expiresAt without it the grant holds until it is revoked
 * @throws InvalidInputError for an end in the past
 * @throws NotFoundError when the actor does not see the page, or the user does not exist
 * @throws ForbiddenError when the actor may not make this grant
 * @throws ConflictError when the page or its drive is in the trash
 */
export async function grantPageAccess(
  db: Db,
  params: Who & z.input<typeof grantSchema>,
): Promise<GrantChange> {
  const terms = parseInput(grantSchema, params);
  const rights = { ...noAccess, canView: true, ...pickRights(terms) };
  return changeGrant(db, params, () => ({
    rights,
    expiresAt: terms.expiresAt ?? null,
    note: terms.note ?? null,
  }));
}

/**
 * Changes an existing grant's rights, end or note; omitted fields stay unchanged. The rules of
 * `grantPageAccess` hold.
 *
 * @param params.changes.expiresAt null for no end
 * @throws NotFoundError also when this user has no grant on the page
 */
export async function updatePageGrant(
  db: Db,
  params: Who & { changes: z.input<typeof grantSchema> },
): Promise<GrantChange> {
  const changes = parseInput(grantSchema.strict(), params.changes);
  return changeGrant(db, params, (before) => {
    if (!before) throw noSuchGrant();
    return {
      rights: { ...before.rights, ...pickRights(changes) },
      expiresAt: changes.expiresAt === undefined ? before.expiresAt : changes.expiresAt,
      note: changes.note === undefined ? before.note : changes.note,
    };
  });
}

/**
 * Revokes a person's grant on a page, in the trash too. It notifies them, unless they could no
 * longer see the page. The actor needs the right to share the page and every right that the grant
 * gives.
 *
 * @throws NotFoundError when the actor does not see the page, or the user has no grant on it
 * @throws ForbiddenError when the actor may not revoke it
 */
export async function revokePageAccess(db: Db, params: Who): Promise<GrantChange> {
  return changeGrant(db, params, (before) => {
    if (!before) throw noSuchGrant();
    return null;
  });
}

interface Terms {
  readonly rights: PageAccess;
  readonly expiresAt: Date | null;
  readonly note: string | null;
}

/** @param decide gives the new terms from the present ones; null revokes the grant */
async function changeGrant(
  db: Db,
  { actorId, pageId, userId }: Who,
  decide: (before: Terms | null) => Terms | null,
): Promise<GrantChange> {
  if (actorId === userId) {
    throw new ForbiddenError(
      'You may not change your own rights on a page. Ask another person who may share it.',
    );
  }
  return transaction(db, async (tx) => {
    const page = await lockPageRights(tx, pageId);
    const authority = await getAuthority(tx, { userId: actorId, pageId });
    if (!page || !authority.access.canView) {
      throw new NotFoundError('There is no such page, or you may not see it.');
    }
    if (!authority.access.canShare) throw new ForbiddenError('You may not share this page.');

    const before = await readGrant(tx, pageId, userId);
    const after = decide(before);
    const present = before && !before.isExpired ? before.rights : null;
    if (present) refuseBeyond(authority.access, present, 'change a grant of');
    if (after) {
      refuseBeyond(authority.access, after.rights, 'grant');
      refuseTerm(after.expiresAt, authority.until(['canShare', ...heldIn(after.rights)]));
      if (page.isTrashed) {
        throw new ConflictError('This page is in the trash. Restore it before you share it.');
      }
      await writeGrant(tx, { actorId, pageId, userId }, after);
    } else {
      await tx
        .delete(pagePermissions)
        .where(and(eq(pagePermissions.pageId, pageId), eq(pagePermissions.userId, userId)));
    }
    const { driveId, title: pageTitle } = page;
    const subject = { pageId, pageTitle, driveId, actorId, userId };
    const change = { ...subject, before: present, after: after?.rights ?? null };
    // A person whose right had ended, or whose page is in the trash, is not notified, because the
    // words would reveal the page's present title.
    if (after || (present && !page.isTrashed)) await tellOfGrant(tx, change, before !== null);
    return change;
  });
}

/**
 * Notifies a person of a first share with PAGE_SHARED, and of a new grant after an expired one with
 * PERMISSION_GRANTED.
 */
async function tellOfGrant(tx: Tx, change: GrantChange, isKnown: boolean): Promise<void> {
  const { pageId, pageTitle, driveId, actorId, userId, before, after } = change;
  const [type, verb] = !after
    ? (['PERMISSION_REVOKED', 'no longer shares'] as const)
    : before
      ? (['PERMISSION_UPDATED', 'changed how they share'] as const)
      : isKnown
        ? (['PERMISSION_GRANTED', 'again shares'] as const)
        : (['PAGE_SHARED', 'shares'] as const);
  await notify(tx, {
    type,
    recipientIds: [userId],
    actorId,
    pageId,
    driveId,
    metadata: { before, after },
    words: (actor) => ({
      title: `${actor} ${verb} a page with you`,
      message: `“${pageTitle}”`,
    }),
  });
}

async function lockPageRights(tx: Tx, pageId: string) {
  const [where] = await tx
    .select({ driveId: pages.driveId })
    .from(pages)
    .where(eq(pages.id, pageId))
    .limit(1);
  if (!where) return undefined;
  await lockDrive(tx, where.driveId);
  const [page] = await tx
    .select({
      driveId: pages.driveId,
      title: pages.title,
      isTrashed: sql<boolean>`(${pages.isTrashed} or ${drives.isTrashed})`,
    })
    .from(pages)
    .innerJoin(drives, eq(drives.id, pages.driveId))
    .where(eq(pages.id, pageId))
    .limit(1);
  return page;
}

async function readGrant(
  tx: Tx,
  pageId: string,
  userId: string,
): Promise<(Terms & { isExpired: boolean }) | null> {
  const [grant] = await tx
    .select({
      rights: {
        canView: pagePermissions.canView,
        canEdit: pagePermissions.canEdit,
        canShare: pagePermissions.canShare,
        canDelete: pagePermissions.canDelete,
      },
      expiresAt: pagePermissions.expiresAt,
      note: pagePermissions.note,
      isExpired: sql<boolean>`not ${unexpiredGrant}`,
    })
    .from(pagePermissions)
    .where(and(eq(pagePermissions.pageId, pageId), eq(pagePermissions.userId, userId)))
    .limit(1);
  return grant ?? null;
}

async function writeGrant(tx: Tx, { actorId, pageId, userId }: Who, terms: Terms): Promise<void> {
  const values = {
    ...terms.rights,
    expiresAt: terms.expiresAt,
    note: terms.note,
    grantedBy: actorId,
    grantedAt: sql`now()`,
  };
  await mapConstraints(
    tx
      .insert(pagePermissions)
      .values({ pageId, userId, ...values })
      .onConflictDoUpdate({
        target: [pagePermissions.pageId, pagePermissions.userId],
        set: values,
      }),
    { page_permissions_userId_fkey: noSuchUser },
  );
}

const rightNames: readonly PageRight[] = ['canView', 'canEdit', 'canShare', 'canDelete'];

function pickRights(given: z.output<typeof rightsSchema>): Partial<PageAccess> {
  const { canEdit, canShare, canDelete } = given;
  return {
    ...(canEdit !== undefined && { canEdit }),
    ...(canShare !== undefined && { canShare }),
    ...(canDelete !== undefined && { canDelete }),
  };
}

const heldIn = (rights: PageAccess) => rightNames.filter((right) => rights[right]);

function refuseBeyond(held: PageAccess, rights: PageAccess, verb: string): void {
  const beyond = heldIn(rights).filter((right) => !held[right]);
  if (beyond.length > 0) {
    throw new ForbiddenError(
      `You may not ${verb} ${beyond.join(', ')}, which you do not hold on this page.`,
    );
  }
}

function refuseTerm(expiresAt: Date | null, until: Date | null): void {
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    throw new InvalidInputError('A grant must end in the future. Give a later expiresAt, or none.');
  }
  if (until && (!expiresAt || expiresAt > until)) {
    throw new ForbiddenError(
      `Your own rights on this page end at ${until.toISOString()}; a grant of yours must not outlast them.`,
    );
  }
}

const noSuchGrant = () =>
  new NotFoundError('This user has no grant on this page. List the grants and choose one.');
