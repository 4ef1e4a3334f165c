import type { Tx } from '../../database.ts';
import type { MemberRole } from '../../schema/index.ts';
import { notify } from '../notifications/notify.ts';

interface Told {
  readonly driveId: string;
  readonly driveName: string;
  /** The actor. */
  readonly actorId: string;
  /** The recipients. */
  readonly userId: string;
}

/** Notifies a user of an invitation, without its token, which goes by e-mail only. */
export async function tellOfInvitation(tx: Tx, told: Told): Promise<void> {
  const { driveId, driveName, actorId, userId } = told;
  await notify(tx, {
    type: 'DRIVE_INVITED',
    recipientIds: [userId],
    actorId,
    // No driveId, because they are no member yet.
    metadata: { driveId },
    words: (actor) => ({ title: `${actor} invited you to a drive`, message: `“${driveName}”` }),
  });
}

/** Notifies the sender of an invitation that it was accepted. */
export async function tellOfJoining(tx: Tx, told: Told): Promise<void> {
  const { driveId, driveName, actorId, userId } = told;
  await notify(tx, {
    type: 'DRIVE_JOINED',
    recipientIds: [userId],
    actorId,
    driveId,
    words: (actor) => ({ title: `${actor} joined your drive`, message: `“${driveName}”` }),
  });
}

/** Notifies a user of their new role in a drive; null means that they were removed. */
export async function tellOfRole(
  tx: Tx,
  told: Told & { before: MemberRole; after: MemberRole | null },
): Promise<void> {
  const { driveId, driveName, actorId, userId, before, after } = told;
  await notify(tx, {
    type: 'DRIVE_ROLE_CHANGED',
    recipientIds: [userId],
    actorId,
    driveId,
    metadata: { before, after },
    words: (actor) => ({
      title: after ? `${actor} made you ${after} of a drive` : `${actor} took you out of a drive`,
      message: `“${driveName}”`,
    }),
  });
}

/** Notifies a member of the drive's own role that they hold now; null for none. */
export async function tellOfDriveRole(
  tx: Tx,
  told: Told & { before: string | null; after: string | null },
): Promise<void> {
  const { driveId, driveName, actorId, userId, before, after } = told;
  await notify(tx, {
    type: 'DRIVE_ROLE_CHANGED',
    recipientIds: [userId],
    actorId,
    driveId,
    metadata: { before, after },
    words: (actor) => ({
      title: after
        ? `${actor} gave you the role “${after}” in a drive`
        : `${actor} took the role “${before}” in a drive from you`,
      message: `“${driveName}”`,
    }),
  });
}
