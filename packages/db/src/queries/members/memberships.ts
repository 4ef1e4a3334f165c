import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, exists, isNull, ne, not, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type AssignableRole,
  assignableRoleSchema,
  type DriveMember,
  driveInvitations,
  driveMembers,
  driveRoles,
  drives,
  type MemberRole,
  pagePermissions,
  pages,
  users,
} from '../../schema/index.ts';
import { requireLiveManagedDrive, requireManagedDrive } from '../core/drive-rights.ts';
import { lockDrive } from '../core/locked-drive.ts';
import { tellOfRole } from './tell.ts';

/** One person's membership of a drive before and after a change; null means none. */
export interface MembershipChange {
  readonly driveId: string;
  readonly userId: string;
  readonly before: MemberRole | null;
  readonly after: MemberRole | null;
}

const summary = {
  userId: driveMembers.userId,
  role: driveMembers.role,
  customRoleId: driveMembers.customRoleId,
  invitedBy: driveMembers.invitedBy,
  joinedAt: driveMembers.joinedAt,
};
/** A member as the drive's other members see them. */
export type MemberSummary = Pick<DriveMember, keyof typeof summary> & {
  /** The name of the drive's own role that they hold. */
  customRole: string | null;
  email: string;
  displayName: string | null;
  avatarUrl: string | null;
};

const byJoining = keyset([{ column: driveMembers.joinedAt }, { column: driveMembers.id }]);
const viewer = alias(driveMembers, 'viewer');

/**
 * Lists a drive's members in the order they joined, the owner included.
 *
 * @param params.userId the caller; gets an empty list unless they are a member, and as a MEMBER
 *   also while the drive is in the trash
 */
export async function listDriveMembers(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<MemberSummary>> {
  const { userId, driveId } = params;
  const ownPart = db
    .select({ id: viewer.id })
    .from(viewer)
    .innerJoin(drives, eq(drives.id, viewer.driveId))
    .where(
      and(
        eq(viewer.driveId, driveId),
        eq(viewer.userId, userId),
        // Only the owner and the ADMINs see a drive in the trash.
        or(not(drives.isTrashed), ne(viewer.role, 'MEMBER')),
      ),
    );
  return listPage(byJoining, params, (seek) =>
    db
      .select({
        ...summary,
        customRole: driveRoles.name,
        email: users.email,
        displayName: users.displayName,
        avatarUrl: users.avatarUrl,
        ...seek.select,
      })
      .from(driveMembers)
      .innerJoin(users, eq(users.id, driveMembers.userId))
      .leftJoin(driveRoles, eq(driveRoles.id, driveMembers.customRoleId))
      .where(and(eq(driveMembers.driveId, driveId), exists(ownPart), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** @returns a person's role in a drive, or undefined if they are no member */
export async function getMemberRole(
  db: Db,
  params: { userId: string; driveId: string },
): Promise<MemberRole | undefined> {
  const [member] = await db
    .select({ role: driveMembers.role })
    .from(driveMembers)
    .where(and(eq(driveMembers.driveId, params.driveId), eq(driveMembers.userId, params.userId)))
    .limit(1);
  return member?.role;
}

/**
 * Makes a member an ADMIN, or an ADMIN a MEMBER. The owner and the ADMINs of the drive may. A
 * change takes the drive's own role away.
 *
 * @throws InvalidInputError for any other role
 * @throws NotFoundError when the actor does not see the drive, or the user is no member
 * @throws ForbiddenError when the actor does not administer the drive
 * @throws ConflictError for the owner's role, which only `transferOwnership` changes
 */
export async function changeMemberRole(
  db: Db,
  params: { actorId: string; driveId: string; userId: string; role: AssignableRole },
): Promise<MembershipChange> {
  const { actorId, driveId, userId } = params;
  const { role } = parseInput(z.object({ role: assignableRoleSchema }), params);
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    const { name } = await requireLiveManagedDrive(tx, { userId: actorId, driveId });
    const before = await requirePart(tx, driveId, userId);
    if (before === 'OWNER') {
      throw new ConflictError(
        'The owner keeps that role. Transfer the drive to someone else first.',
      );
    }
    const change = { driveId, userId, before, after: role };
    if (role === 'MEMBER') await withdrawInvitations(tx, driveId, userId);
    if (before === role) return change;
    await setRole(tx, driveId, userId, role);
    await tellOfRole(tx, { ...change, driveName: name, actorId });
    return change;
  });
}

/**
 * Removes a member from a drive, with every grant they hold on its pages. The owner and the ADMINs
 * of the drive may.
 *
 * @throws NotFoundError when the actor does not see the drive, or the user is no member
 * @throws ForbiddenError when the actor does not administer the drive
 * @throws ConflictError for the owner
 */
export async function removeMember(
  db: Db,
  params: { actorId: string; driveId: string; userId: string },
): Promise<MembershipChange> {
  const { actorId, driveId, userId } = params;
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    const { name } = await requireManagedDrive(tx, { userId: actorId, driveId });
    const before = await removePart(tx, driveId, userId);
    const change = { driveId, userId, before, after: null };
    await tellOfRole(tx, { ...change, driveName: name, actorId });
    return change;
  });
}

/**
 * Ends the user's own membership of a drive, with every grant they hold on its pages.
 *
 * @throws NotFoundError when the user is no member of the drive
 * @throws ConflictError for the owner
 */
export async function leaveDrive(
  db: Db,
  params: { userId: string; driveId: string },
): Promise<MembershipChange> {
  const { userId, driveId } = params;
  return transaction(db, async (tx) => {
    // Before the lock, so that an unknown drive gets the same answer as other people's.
    if (!(await getMemberRole(tx, { userId, driveId }))) throw noPart();
    await lockDrive(tx, driveId);
    if (!(await getMemberRole(tx, { userId, driveId }))) throw noPart();
    const before = await removePart(tx, driveId, userId);
    return { driveId, userId, before, after: null };
  });
}

/**
 * Makes another member the owner of a drive; the former owner stays as ADMIN.
 *
 * @throws InvalidInputError for a transfer to oneself
 * @throws NotFoundError when the actor does not see the drive, or the new owner is no member
 * @throws ForbiddenError when the actor is not the owner
 * @throws ConflictError when the drive is in the trash, or the new owner has one of the same slug
 */
export async function transferOwnership(
  db: Db,
  params: { actorId: string; driveId: string; userId: string },
): Promise<MembershipChange> {
  const { actorId, driveId, userId } = params;
  if (actorId === userId) {
    throw new InvalidInputError('The drive is yours already. Name another member as its owner.');
  }
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    const drive = await requireLiveManagedDrive(tx, { userId: actorId, driveId });
    if (drive.ownerId !== actorId) {
      throw new ForbiddenError('Only the owner of a drive may transfer it.');
    }
    const before = await requirePart(tx, driveId, userId);
    await mapConstraints(tx.update(drives).set({ ownerId: userId }).where(eq(drives.id, driveId)), {
      drives_ownerId_slug_key: () =>
        new ConflictError(
          `The new owner already has a drive with the slug ${drive.slug}. Change the slug first.`,
        ),
    });
    // In this order: drive_members_owner_key allows one OWNER at any time.
    await setRole(tx, driveId, actorId, 'ADMIN');
    await setRole(tx, driveId, userId, 'OWNER');
    const change = { driveId, userId, before, after: 'OWNER' as const };
    await tellOfRole(tx, { ...change, driveName: drive.name, actorId });
    return change;
  });
}

const noPart = () =>
  new NotFoundError('There is no such drive, or you are not a member of it. List your drives.');

async function requirePart(tx: Tx, driveId: string, userId: string): Promise<MemberRole> {
  const role = await getMemberRole(tx, { userId, driveId });
  if (!role) throw new NotFoundError('This user is not a member of this drive. Invite them first.');
  return role;
}

async function setRole(tx: Tx, driveId: string, userId: string, role: MemberRole): Promise<void> {
  await tx
    .update(driveMembers)
    .set({ role, customRoleId: null })
    .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.userId, userId)));
}

async function removePart(tx: Tx, driveId: string, userId: string): Promise<MemberRole> {
  const before = await requirePart(tx, driveId, userId);
  if (before === 'OWNER') {
    throw new ConflictError('The owner cannot leave. Transfer the drive to another member first.');
  }
  await tx
    .delete(driveMembers)
    .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.userId, userId)));
  await withdrawInvitations(tx, driveId, userId);
  await tx
    .delete(pagePermissions)
    .where(
      and(
        eq(pagePermissions.userId, userId),
        sql`exists (select 1 from ${pages} where ${pages.id} = ${pagePermissions.pageId} and ${pages.driveId} = ${driveId})`,
      ),
    );
  return before;
}

/** A pending invitation ends with its sender's right to send it. */
async function withdrawInvitations(tx: Tx, driveId: string, userId: string): Promise<void> {
  await tx
    .update(driveInvitations)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(driveInvitations.driveId, driveId),
        eq(driveInvitations.invitedBy, userId),
        isNull(driveInvitations.acceptedAt),
        isNull(driveInvitations.revokedAt),
      ),
    );
}
