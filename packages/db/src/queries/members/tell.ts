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

/** Tells a user that they were invited. The token is not in it: it goes by e-mail alone. */
export async function tellOfInvitation(tx: Tx, told: Told): Promise<void> {
  const { driveId, driveName, actorId, userId } = told;
  await notify(tx, {
    type: 'DRIVE_INVITED',
    recipientIds: [userId],
    actorId,
    // No driveId: they have no part in the drive yet.
    metadata: { driveId },
    words: (actor) => ({ title: `${actor} invited you to a drive`, message: `“${driveName}”` }),
  });
}

/** Tells who invited someone that they have come. */
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

/** Tells a user of their new part in a drive; null when they have none any more. */
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

/** Tells a member which of the drive's own roles they hold now; null for none. */
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
