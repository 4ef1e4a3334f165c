'use server';
// The roles that a drive makes for itself.
import {
  assignDriveRole,
  createDriveRole,
  deleteDriveRole,
  insertDriveRoleSchema,
  selectDriveMemberSchema,
  selectDriveRoleSchema,
  updateDriveRole,
  updateDriveRoleSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const revalidate = '/drives';

const newRole = insertDriveRoleSchema.pick({
  driveId: true,
  name: true,
  description: true,
  canView: true,
  canEdit: true,
  canShare: true,
  canDelete: true,
});
export const makeRole = async (input: z.input<typeof newRole>) =>
  act(input, {
    schema: newRole,
    query: (of, session) => createDriveRole(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const roleId = selectDriveRoleSchema.shape.id;
const roleChange = z.object({
  roleId,
  changes: updateDriveRoleSchema.pick({ canEdit: true, canShare: true, canDelete: true }),
});
export const changeRole = async (input: z.input<typeof roleChange>) =>
  act(input, {
    schema: roleChange,
    query: (of, session) => updateDriveRole(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const oneRole = z.object({ roleId });
export const deleteRole = async (input: z.input<typeof oneRole>) =>
  act(input, {
    schema: oneRole,
    query: (of, session) => deleteDriveRole(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const { driveId, userId } = selectDriveMemberSchema.shape;
const assignment = z.object({ driveId, userId, roleId: roleId.nullable() });
export const giveRole = async (input: z.input<typeof assignment>) =>
  act(input, {
    schema: assignment,
    query: (of, session) => assignDriveRole(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });
