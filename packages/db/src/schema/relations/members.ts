import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { drives } from '../core.ts';
import { driveInvitations, driveMembers, driveRoles } from '../members.ts';

export const driveMembersRelations = relations(driveMembers, ({ one }) => ({
  drive: one(drives, { fields: [driveMembers.driveId], references: [drives.id] }),
  user: one(users, {
    fields: [driveMembers.userId],
    references: [users.id],
    relationName: 'member',
  }),
  inviter: one(users, {
    fields: [driveMembers.invitedBy],
    references: [users.id],
    relationName: 'inviter',
  }),
  customRole: one(driveRoles, {
    fields: [driveMembers.driveId, driveMembers.customRoleId],
    references: [driveRoles.driveId, driveRoles.id],
  }),
}));

export const driveRolesRelations = relations(driveRoles, ({ one, many }) => ({
  drive: one(drives, { fields: [driveRoles.driveId], references: [drives.id] }),
  holders: many(driveMembers),
}));

export const driveInvitationsRelations = relations(driveInvitations, ({ one }) => ({
  drive: one(drives, { fields: [driveInvitations.driveId], references: [drives.id] }),
  inviter: one(users, { fields: [driveInvitations.invitedBy], references: [users.id] }),
}));
