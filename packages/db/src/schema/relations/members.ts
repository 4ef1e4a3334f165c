import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { drives } from '../core.ts';
import { driveInvitations, driveMembers } from '../members.ts';

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
}));

export const driveInvitationsRelations = relations(driveInvitations, ({ one }) => ({
  drive: one(drives, { fields: [driveInvitations.driveId], references: [drives.id] }),
  inviter: one(users, { fields: [driveInvitations.invitedBy], references: [users.id] }),
}));
