import { ConflictError, NotFoundError, transaction } from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import type { Db, Tx } from '../../database.ts';
import { driveMembers, driveRoles } from '../../schema/index.ts';
import { appendActivityLogs } from '../audit/append.ts';
import { requireLiveManagedDrive } from '../core/drive-rights.ts';
import { lockDrive } from '../core/locked-drive.ts';
import { tellOfDriveRole } from './tell.ts';

/**
 * The drive's own role that one member held before a change and holds after it; null means none.
 */
export interface DriveRoleChange {
  readonly driveId: string;
  readonly userId: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Gives a member one of the drive's own roles, in place of the former one, or takes it away. The
 * owner and the ADMINs of the drive may.
 *
 * @param params.roleId null takes the role away
 * @throws NotFoundError when the actor does not see the drive, the user is no member, or the drive has
 *   no such role
 * @throws ForbiddenError when the actor does not administer the drive
 * @throws ConflictError for the owner and ADMINs, who have every right already, and when the drive is
 *   in the trash
 */
export async function assignDriveRole(
  db: Db,
  params: { actorId: string; driveId: string; userId: string; roleId: string | null },
): Promise<DriveRoleChange> {
  const { actorId, driveId, userId, roleId } = params;
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    const { name: driveName } = await requireLiveManagedDrive(tx, { userId: actorId, driveId });
    const member = await requireMember(tx, { driveId, userId });
    const change = { driveId, userId, before: member.customRoleId, after: roleId };
    if (change.before === change.after) return change;
    if (roleId !== null && member.role !== 'MEMBER') {
      throw new ConflictError(
        'The owner and the ADMINs have every right already. Make this person a MEMBER first.',
      );
    }
    const after = roleId === null ? null : await requireName(tx, { driveId, roleId });
    await tx
      .update(driveMembers)
      .set({ customRoleId: roleId })
      .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.userId, userId)));
    await tellOfDriveRole(tx, {
      ...{ driveId, driveName, actorId, userId },
      before: member.roleName,
      after,
    });
    await appendActivityLogs(tx, {
      lines: [
        {
          ...{ actorId, action: 'role.assign', driveId, targetUserId: userId },
          before: { role: member.roleName },
          after: { role: after },
        },
      ],
    });
    return change;
  });
}

async function requireMember(tx: Tx, { driveId, userId }: { driveId: string; userId: string }) {
  const [member] = await tx
    .select({
      role: driveMembers.role,
      customRoleId: driveMembers.customRoleId,
      roleName: driveRoles.name,
    })
    .from(driveMembers)
    .leftJoin(driveRoles, eq(driveRoles.id, driveMembers.customRoleId))
    .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.userId, userId)));
  if (!member)
    throw new NotFoundError('This user is not a member of this drive. Invite them first.');
  return member;
}

async function requireName(tx: Tx, { driveId, roleId }: { driveId: string; roleId: string }) {
  const [role] = await tx
    .select({ name: driveRoles.name })
    .from(driveRoles)
    .where(and(eq(driveRoles.driveId, driveId), eq(driveRoles.id, roleId)));
  if (!role) throw new NotFoundError('This drive has no such role. List its roles and choose one.');
  return role.name;
}
