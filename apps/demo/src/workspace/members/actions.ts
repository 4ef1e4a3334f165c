'use server';
// Actions on a drive's members.
import {
  acceptInvitation,
  assignableRoleSchema,
  changeMemberRole,
  insertDriveInvitationSchema,
  inviteMember,
  leaveDrive,
  listInvitations,
  removeMember,
  revokeInvitation,
  selectDriveInvitationSchema,
  selectDriveMemberSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const { driveId, userId } = selectDriveMemberSchema.shape;
const revalidate = '/drives';

const invitation = insertDriveInvitationSchema.pick({ driveId: true, email: true, role: true });
export const invite = async (input: z.input<typeof invitation>) =>
  act(input, {
    schema: invitation,
    query: (of, session) => inviteMember(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const oneInvitation = z.object({ invitationId: selectDriveInvitationSchema.shape.id });
export const withdraw = async (input: z.input<typeof oneInvitation>) =>
  act(input, {
    schema: oneInvitation,
    query: (of, session) => revokeInvitation(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const newRole = z.object({ driveId, userId, role: assignableRoleSchema });
export const setRole = async (input: z.input<typeof newRole>) =>
  act(input, {
    schema: newRole,
    query: (of, session) => changeMemberRole(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const oneMember = z.object({ driveId, userId });
export const remove = async (input: z.input<typeof oneMember>) =>
  act(input, {
    schema: oneMember,
    query: (of, session) => removeMember(pagespace(), { actorId: session.userId, ...of }),
    revalidate,
  });

const oneDrive = z.object({ driveId });
export const leave = async (input: z.input<typeof oneDrive>) =>
  act(input, {
    schema: oneDrive,
    query: ({ driveId }, session) => leaveDrive(pagespace(), { userId: session.userId, driveId }),
    revalidate,
  });

export const readInvitations = async (input: z.input<typeof oneDrive>) =>
  act(input, {
    schema: oneDrive,
    query: ({ driveId }, { userId }) =>
      listInvitations(pagespace(), { userId, driveId, limit: 100 }),
  });

const link = z.object({ token: z.string().min(1).max(200) });
export const accept = async (input: z.input<typeof link>) =>
  act(input, {
    schema: link,
    query: ({ token }, session) => acceptInvitation(pagespace(), { userId: session.userId, token }),
    revalidate,
  });
