import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  pgEnum,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { users } from './auth.ts';
import { checkTokenHash, cuid } from './columns.ts';
import { drives } from './core.ts';
import { email, immutable, line, optional, prose, sha256 } from './fields.ts';

export const memberRole = pgEnum('MemberRole', ['OWNER', 'ADMIN', 'MEMBER']);
export type MemberRole = (typeof memberRole.enumValues)[number];

/** The roles that can be given; only a transfer changes a drive's one owner. */
export const assignableRoleSchema = z.enum(['ADMIN', 'MEMBER']);
export type AssignableRole = z.infer<typeof assignableRoleSchema>;

/** A row is a drive's own role: members who hold it have these rights on every page. */
export const driveRoles = pgTable(
  'drive_roles',
  {
    id: cuid(),
    driveId: text('driveId').notNull(),
    name: text('name').notNull(),
    description: text('description'),
    canView: boolean('canView').notNull(),
    canEdit: boolean('canEdit').notNull(),
    canShare: boolean('canShare').notNull(),
    canDelete: boolean('canDelete').notNull(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'drive_roles_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    /** Serves a drive's roles by name, each name once whatever its case. */
    uniqueIndex('drive_roles_driveId_name_key').on(t.driveId, sql`lower(${t.name})`),
    /** The target of the foreign key that keeps a member's role inside the drive. */
    unique('drive_roles_driveId_id_key').on(t.driveId, t.id),
    check(
      'drive_roles_view_check',
      sql`${t.canView} or not (${t.canEdit} or ${t.canShare} or ${t.canDelete})`,
    ),
  ],
);

const driveRoleFields = { name: line(100), description: optional(prose(1000)) };
export const insertDriveRoleSchema = createInsertSchema(driveRoles, driveRoleFields);
export const selectDriveRoleSchema = createSelectSchema(driveRoles);
export const updateDriveRoleSchema = createUpdateSchema(driveRoles, driveRoleFields).omit({
  ...immutable,
  driveId: true,
});
export type DriveRole = typeof driveRoles.$inferSelect;
export type NewDriveRole = typeof driveRoles.$inferInsert;

/** A row is one person's membership of one drive. */
export const driveMembers = pgTable(
  'drive_members',
  {
    id: cuid(),
    driveId: text('driveId').notNull(),
    userId: text('userId').notNull(),
    role: memberRole('role').notNull(),
    /** One of the drive's own roles, for a MEMBER; owner and ADMINs have every right anyway. */
    customRoleId: text('customRoleId'),
    invitedBy: text('invitedBy'),
    joinedAt: instant('joinedAt').notNull().defaultNow(),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'drive_members_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'drive_members_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'drive_members_invitedBy_fkey',
      columns: [t.invitedBy],
      foreignColumns: [users.id],
    }).onDelete('set null'),
    // Not "set null", which would null the driveId too; deleteDriveRole takes the role from its
    // holders.
    foreignKey({
      name: 'drive_members_driveId_customRoleId_fkey',
      columns: [t.driveId, t.customRoleId],
      foreignColumns: [driveRoles.driveId, driveRoles.id],
    }).onDelete('restrict'),
    /** Serves the access check: whether this person administers the drive, and their role there. */
    uniqueIndex('drive_members_driveId_userId_key').on(t.driveId, t.userId),
    /** A drive has at most one owner. */
    uniqueIndex('drive_members_owner_key').on(t.driveId).where(sql`${t.role} = 'OWNER'`),
    /** Serves a drive's members in the order they joined. */
    index('drive_members_driveId_joinedAt_idx').on(t.driveId, t.joinedAt, t.id),
    /** Serves a person's drives and accessible pages across drives. */
    index('drive_members_userId_driveId_idx').on(t.userId, t.driveId),
    /** Serves deleting a user who invited others. */
    index('drive_members_invitedBy_idx').on(t.invitedBy),
    /** Serves the holders of a role, and deleting it. */
    index('drive_members_driveId_customRoleId_idx')
      .on(t.driveId, t.customRoleId)
      .where(sql`${t.customRoleId} is not null`),
  ],
);

export const insertDriveMemberSchema = createInsertSchema(driveMembers);
export const selectDriveMemberSchema = createSelectSchema(driveMembers);
export const updateDriveMemberSchema = createUpdateSchema(driveMembers, {
  role: () => assignableRoleSchema,
}).omit({ ...immutable, driveId: true, userId: true, invitedBy: true, joinedAt: true });
export type DriveMember = typeof driveMembers.$inferSelect;
export type NewDriveMember = typeof driveMembers.$inferInsert;

/** A row is an invitation, by e-mail, to join a drive. */
export const driveInvitations = pgTable(
  'drive_invitations',
  {
    id: cuid(),
    driveId: text('driveId').notNull(),
    email: text('email').notNull(),
    role: memberRole('role').notNull(),
    tokenHash: text('tokenHash').notNull(),
    invitedBy: text('invitedBy').notNull(),
    expiresAt: instant('expiresAt').notNull(),
    acceptedAt: instant('acceptedAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'drive_invitations_driveId_fkey',
      columns: [t.driveId],
      foreignColumns: [drives.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'drive_invitations_invitedBy_fkey',
      columns: [t.invitedBy],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves accepting an invitation. */
    uniqueIndex('drive_invitations_tokenHash_key').on(t.tokenHash),
    /** One pending invitation per address and drive. */
    uniqueIndex('drive_invitations_pending_key')
      .on(t.driveId, sql`lower(${t.email})`)
      .where(sql`${t.acceptedAt} is null and ${t.revokedAt} is null`),
    /** Serves a drive's invitations, latest first. */
    index('drive_invitations_driveId_createdAt_idx').on(t.driveId, t.createdAt, t.id),
    /** Serves deleting a user who invited others. */
    index('drive_invitations_invitedBy_idx').on(t.invitedBy),
    check('drive_invitations_role_check', sql`${t.role} in ('ADMIN', 'MEMBER')`),
    check(
      'drive_invitations_outcome_check',
      sql`${t.acceptedAt} is null or ${t.revokedAt} is null`,
    ),
    checkTokenHash('drive_invitations_tokenHash_check', t.tokenHash),
  ],
);

const driveInvitationFields = { email, role: () => assignableRoleSchema, tokenHash: sha256 };
export const insertDriveInvitationSchema = createInsertSchema(
  driveInvitations,
  driveInvitationFields,
);
export const selectDriveInvitationSchema = createSelectSchema(driveInvitations);
export const updateDriveInvitationSchema = createUpdateSchema(
  driveInvitations,
  driveInvitationFields,
).omit({ ...immutable, driveId: true, invitedBy: true, email: true, tokenHash: true });
export type DriveInvitation = typeof driveInvitations.$inferSelect;
export type NewDriveInvitation = typeof driveInvitations.$inferInsert;
