import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listDriveRoles } from './drive-roles.ts';
import { listInvitations } from './invitations.ts';
import { getMemberRole, listDriveMembers } from './memberships.ts';

export const memberPlans: readonly HotQuery[] = [
  {
    name: 'getMemberRole',
    run: (db, { userId, driveId }) => getMemberRole(db, { userId, driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listDriveMembers',
    run: (db, { ownerId, driveId }) => listDriveMembers(db, { userId: ownerId, driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listDriveRoles',
    run: (db, { ownerId, driveId }) => listDriveRoles(db, { userId: ownerId, driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listInvitations',
    run: (db, { ownerId, driveId }) => listInvitations(db, { userId: ownerId, driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
