import {
  ConflictError,
  ForbiddenError,
  hashToken,
  issueToken,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type DriveInvitation,
  driveInvitations,
  driveMembers,
  drives,
  insertDriveInvitationSchema,
  users,
} from '../../schema/index.ts';
import { endOfLife, type Issued } from '../auth/issued.ts';
import { getUserByEmail } from '../auth/users.ts';
import { requireLiveManagedDrive } from '../core/drive-rights.ts';
import { lockDrive } from '../core/locked-drive.ts';
import { managesDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';
import { getMemberRole, type MembershipChange } from './memberships.ts';
import { tellOfInvitation, tellOfJoining } from './tell.ts';

/** Thrown for an invitation that can't be used any more, or not by this user. */
export class InvitationError extends ConflictError {
  readonly reason: 'accepted' | 'revoked' | 'expired' | 'member';

  constructor(reason: InvitationError['reason']) {
    super(messages[reason]);
    this.reason = reason;
  }
}

const messages = {
  accepted: 'This invitation was accepted before. Sign in and open the drive.',
  revoked: 'This invitation was withdrawn. Ask for a new one.',
  expired: 'This invitation has expired. Ask for a new one.',
  member: 'You already have a part in this drive. Open it.',
} as const;

const inviteSchema = insertDriveInvitationSchema.pick({ driveId: true, email: true, role: true });
const sevenDays = 7 * 86_400;

const isPending = and(isNull(driveInvitations.acceptedAt), isNull(driveInvitations.revokedAt));

/**
 * Invites an address to a drive. The owner and the ADMINs of the drive may.
 *
 * @param params.lifetimeSeconds default 7 days
 * @returns the token for the invitation's link, once
 * @throws InvalidInputError for a malformed address, or a role other than ADMIN and MEMBER
 * @throws NotFoundError, ForbiddenError when the actor does not see or administer the drive
 * @throws ConflictError when the address belongs to a member or has a pending invitation, or the
 *   drive is in the trash
 */
export async function inviteMember(
  db: Db,
  params: z.input<typeof inviteSchema> & { actorId: string; lifetimeSeconds?: number },
): Promise<Issued> {
  const { actorId, lifetimeSeconds = sevenDays, ...input } = params;
  const { driveId, email, role } = parseInput(inviteSchema, input);
  const expiresAt = endOfLife(lifetimeSeconds);
  const { token, tokenHash } = issueToken('inv');
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    const { name } = await requireLiveManagedDrive(tx, { userId: actorId, driveId });
    const invitee = await getUserByEmail(tx, { email });
    if (invitee && (await getMemberRole(tx, { userId: invitee.id, driveId }))) {
      throw new ConflictError('This address already belongs to a member of the drive.');
    }
    // An expired invitation would still hold the address in drive_invitations_pending_key.
    await tx
      .update(driveInvitations)
      .set({ revokedAt: sql`now()` })
      .where(
        and(
          eq(driveInvitations.driveId, driveId),
          sql`lower(${driveInvitations.email}) = lower(${email})`,
          isPending,
          lte(driveInvitations.expiresAt, sql`now()`),
        ),
      );
    const rows = await mapConstraints(
      tx
        .insert(driveInvitations)
        .values({ driveId, email, role, tokenHash, invitedBy: actorId, expiresAt })
        .returning({ id: driveInvitations.id, expiresAt: driveInvitations.expiresAt }),
      {
        drive_invitations_pending_key: () =>
          new ConflictError('This address has a pending invitation. Revoke it to send another.'),
      },
    );
    if (invitee) {
      await tellOfInvitation(tx, { driveId, driveName: name, actorId, userId: invitee.id });
    }
    return { ...onlyRow(rows), token };
  });
}

/**
 * Accepts an invitation, once: if it is used twice at the same moment, one user becomes the member.
 *
 * @returns the new membership
 * @throws NotFoundError for an unknown token or user
 * @throws ForbiddenError when it was sent to another address than the user's
 * @throws InvitationError with the `reason` when it was accepted, revoked or has expired, or the
 *   user already is a member
 * @throws ConflictError when the drive is in the trash
 */
export async function acceptInvitation(
  db: Db,
  params: { token: string; userId: string },
): Promise<MembershipChange> {
  const { userId } = params;
  const tokenHash = hashToken(params.token);
  return transaction(db, async (tx) => {
    const [sent] = await tx
      .select({ driveId: driveInvitations.driveId })
      .from(driveInvitations)
      .where(eq(driveInvitations.tokenHash, tokenHash))
      .limit(1);
    if (!sent) throw new NotFoundError('There is no such invitation. Check the link.');
    await lockDrive(tx, sent.driveId);
    const invitation = await requireOpenInvitation(tx, tokenHash, userId);
    const { driveId, role, invitedBy } = invitation;
    await tx
      .update(driveInvitations)
      .set({ acceptedAt: sql`now()` })
      .where(eq(driveInvitations.id, invitation.id));
    await mapConstraints(tx.insert(driveMembers).values({ driveId, userId, role, invitedBy }), {
      drive_members_driveId_userId_key: () => new InvitationError('member'),
    });
    const { driveName } = invitation;
    await tellOfJoining(tx, { driveId, driveName, actorId: userId, userId: invitedBy });
    return { driveId, userId, before: null, after: role };
  });
}

async function requireOpenInvitation(tx: Tx, tokenHash: string, userId: string) {
  const [user] = await tx
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, userId))
    .limit(1);
  if (!user) throw new NotFoundError('There is no such user. Check the user id.');
  const [invitation] = await tx
    .select({
      id: driveInvitations.id,
      driveId: driveInvitations.driveId,
      role: driveInvitations.role,
      invitedBy: driveInvitations.invitedBy,
      acceptedAt: driveInvitations.acceptedAt,
      revokedAt: driveInvitations.revokedAt,
      isExpired: sql<boolean>`${driveInvitations.expiresAt} <= now()`,
      isForUser: sql<boolean>`lower(${driveInvitations.email}) = lower(${user.email})`,
      driveName: drives.name,
      driveIsTrashed: drives.isTrashed,
    })
    .from(driveInvitations)
    .innerJoin(drives, eq(drives.id, driveInvitations.driveId))
    .where(eq(driveInvitations.tokenHash, tokenHash))
    .limit(1)
    .for('update', { of: driveInvitations });
  if (!invitation) throw new NotFoundError('There is no such invitation. Check the link.');
  if (!invitation.isForUser) {
    throw new ForbiddenError(
      'This invitation was sent to another address. Sign in with the address it was sent to.',
    );
  }
  if (invitation.acceptedAt) throw new InvitationError('accepted');
  if (invitation.revokedAt) throw new InvitationError('revoked');
  if (invitation.isExpired) throw new InvitationError('expired');
  if (invitation.driveIsTrashed) {
    throw new ConflictError('This drive is in the trash. Ask its owner to restore it.');
  }
  return invitation;
}

/**
 * Revokes an invitation. A second call changes nothing.
 *
 * @throws NotFoundError when there is none, or the actor does not administer its drive
 * @throws InvitationError when it was accepted; remove the member instead
 */
export async function revokeInvitation(
  db: Db,
  params: { actorId: string; invitationId: string },
): Promise<void> {
  const [invitation] = await db
    .update(driveInvitations)
    .set({
      revokedAt: sql`case when ${driveInvitations.acceptedAt} is null then coalesce(${driveInvitations.revokedAt}, now()) end`,
    })
    .where(
      and(
        eq(driveInvitations.id, params.invitationId),
        managesDrive(params.actorId, driveInvitations.driveId),
      ),
    )
    .returning({ acceptedAt: driveInvitations.acceptedAt });
  if (!invitation) {
    throw new NotFoundError('There is no such invitation in a drive that you administer.');
  }
  if (invitation.acceptedAt) throw new InvitationError('accepted');
}

const summary = {
  id: driveInvitations.id,
  email: driveInvitations.email,
  role: driveInvitations.role,
  invitedBy: driveInvitations.invitedBy,
  expiresAt: driveInvitations.expiresAt,
  acceptedAt: driveInvitations.acceptedAt,
  revokedAt: driveInvitations.revokedAt,
  createdAt: driveInvitations.createdAt,
};
/** An invitation as the drive's administrators see it listed: never its token's hash. */
export type InvitationSummary = Pick<DriveInvitation, keyof typeof summary>;

const latestFirst = keyset([
  { column: driveInvitations.createdAt, direction: 'desc' },
  { column: driveInvitations.id, direction: 'desc' },
]);

/**
 * Lists a drive's invitations in every state, latest first.
 *
 * @param params.userId the caller; gets an empty list unless they administer the drive
 */
export async function listInvitations(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<InvitationSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(driveInvitations)
      .where(
        and(
          eq(driveInvitations.driveId, params.driveId),
          managesDrive(params.userId, driveInvitations.driveId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
