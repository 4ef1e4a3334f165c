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
  transaction,
} from '@reference/kit';
import { and, count, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, Tx } from '../../database.ts';
import {
  type DriveRole,
  driveMembers,
  driveRoles,
  drives,
  insertDriveRoleSchema,
  updateDriveRoleSchema,
} from '../../schema/index.ts';
import { appendActivityLogs } from '../audit/append.ts';
import { requireLiveManagedDrive } from '../core/drive-rights.ts';
import { lockDrive } from '../core/locked-drive.ts';
import { managesDrive, seesDrive } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';

/** A person cannot oversee more, and the check below counts them. */
const mostRoles = 50;

const detail = {
  id: driveRoles.id,
  driveId: driveRoles.driveId,
  name: driveRoles.name,
  description: driveRoles.description,
  canView: driveRoles.canView,
  canEdit: driveRoles.canEdit,
  canShare: driveRoles.canShare,
  canDelete: driveRoles.canDelete,
  createdAt: driveRoles.createdAt,
  updatedAt: driveRoles.updatedAt,
};

const refusals = {
  drive_roles_driveId_name_key: () =>
    new ConflictError('This drive has a role of that name already. Choose another name.'),
  drive_roles_view_check: () =>
    new InvalidInputError(
      'A role with the right to edit, share or delete needs the right to view. Add canView.',
    ),
};

const newRoleSchema = insertDriveRoleSchema
  .pick({ driveId: true, name: true, description: true })
  .extend({
    canView: z.boolean().default(true),
    canEdit: z.boolean().default(false),
    canShare: z.boolean().default(false),
    canDelete: z.boolean().default(false),
  });

/**
 * Creates a role of a drive. Members who hold it have its rights on every page of the drive outside
 * the trash. The owner and the ADMINs of the drive may.
 *
 * @param params.canView default true; the other rights default to false
 * @throws InvalidInputError for a wrong name, or another right without canView
 * @throws NotFoundError, ForbiddenError when the actor does not see or administer the drive
 * @throws ConflictError when the drive has a role of that name, whatever its case, or 50 roles, or is
 *   in the trash
 */
export async function createDriveRole(
  db: Db,
  params: z.input<typeof newRoleSchema> & { actorId: string },
): Promise<DriveRole> {
  const { actorId, ...input } = params;
  const values = parseInput(newRoleSchema, input);
  const { driveId } = values;
  return transaction(db, async (tx) => {
    await lockDrive(tx, driveId);
    await requireLiveManagedDrive(tx, { userId: actorId, driveId });
    const [made] = await tx
      .select({ roles: count() })
      .from(driveRoles)
      .where(eq(driveRoles.driveId, driveId));
    if ((made?.roles ?? 0) >= mostRoles) {
      throw new ConflictError(`This drive has ${mostRoles} roles. Delete one first.`);
    }
    const rows = await mapConstraints(
      tx.insert(driveRoles).values(values).returning(detail),
      refusals,
    );
    const role = onlyRow(rows);
    await log(tx, { actorId, action: 'role.create', driveId, after: told(role) });
    return role;
  });
}

const roleChangesSchema = updateDriveRoleSchema
  .strict()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');

/**
 * Renames a role or changes its rights, at once for everyone who holds it; omitted fields stay
 * unchanged. Rights and errors are those of `createDriveRole`.
 */
export async function updateDriveRole(
  db: Db,
  params: { actorId: string; roleId: string; changes: z.input<typeof roleChangesSchema> },
): Promise<DriveRole> {
  const { actorId, roleId } = params;
  const changes = parseInput(roleChangesSchema, params.changes);
  return transaction(db, async (tx) => {
    const before = await lockRole(tx, { actorId, roleId });
    const rows = await mapConstraints(
      tx.update(driveRoles).set(changes).where(eq(driveRoles.id, roleId)).returning(detail),
      refusals,
    );
    const role = onlyRow(rows);
    const { driveId } = role;
    const change = { before: told(before), after: told(role) };
    await log(tx, { actorId, action: 'role.update', driveId, ...change });
    return role;
  });
}

/**
 * Deletes a role. Its holders stay members and keep their grants on pages. Rights and errors are
 * those of `createDriveRole`.
 *
 * @returns how many members held it
 */
export async function deleteDriveRole(
  db: Db,
  params: { actorId: string; roleId: string },
): Promise<{ holders: number }> {
  const { actorId, roleId } = params;
  return transaction(db, async (tx) => {
    const role = await lockRole(tx, params);
    const { driveId } = role;
    const holders = await tx
      .update(driveMembers)
      .set({ customRoleId: null })
      .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.customRoleId, roleId)))
      .returning({ id: driveMembers.id });
    await tx.delete(driveRoles).where(eq(driveRoles.id, roleId));
    const before = { ...told(role), holders: holders.length };
    await log(tx, { actorId, action: 'role.delete', driveId, before });
    return { holders: holders.length };
  });
}

/** A role of a drive, and how many members hold it. */
export type DriveRoleSummary = DriveRole & { holders: number };

// Needs no id beside it, because the drive has each name once.
const byName = keyset([
  { expression: sql`lower(${driveRoles.name})`, type: 'text', nullable: false },
]);

// Within another template, because alone Drizzle would leave out the tables' names.
const holders = sql<number>`${sql`(select count(*)::int from ${driveMembers} where ${driveMembers.driveId} = ${driveRoles.driveId} and ${driveMembers.customRoleId} = ${driveRoles.id})`}`;

/**
 * Lists the roles of a drive by name.
 *
 * @param params.userId the caller; gets an empty list unless they administer the drive
 */
export async function listDriveRoles(
  db: Db,
  params: PageRequest & { userId: string; driveId: string },
): Promise<KeysetPage<DriveRoleSummary>> {
  return listPage(byName, params, (seek) =>
    db
      .select({
        ...detail,
        holders,
        ...seek.select,
      })
      .from(driveRoles)
      .where(
        and(
          eq(driveRoles.driveId, params.driveId),
          managesDrive(params.userId, driveRoles.driveId),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** Locks the drive and gives the role, which the actor may change. */
async function lockRole(
  tx: Tx,
  { actorId, roleId }: { actorId: string; roleId: string },
): Promise<DriveRole> {
  const noSuchRole = () =>
    new NotFoundError('There is no such role, or you may not see its drive. List the roles.');
  const [where] = await tx
    .select({ driveId: driveRoles.driveId })
    .from(driveRoles)
    .innerJoin(drives, eq(drives.id, driveRoles.driveId))
    .where(and(eq(driveRoles.id, roleId), seesDrive(actorId)));
  if (!where) throw noSuchRole();
  await lockDrive(tx, where.driveId);
  await requireLiveManagedDrive(tx, { userId: actorId, driveId: where.driveId });
  const [role] = await tx.select(detail).from(driveRoles).where(eq(driveRoles.id, roleId));
  if (!role) throw noSuchRole();
  return role;
}

/** The part of a role that the audit trail keeps. */
const told = ({ id, name, canView, canEdit, canShare, canDelete }: DriveRole) => ({
  id,
  name,
  ...{ canView, canEdit, canShare, canDelete },
});

type Line = Parameters<typeof appendActivityLogs>[1]['lines'][number];
const log = (tx: Tx, line: Line) => appendActivityLogs(tx, { lines: [line] });
