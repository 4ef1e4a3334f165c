import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { checkTokenHash, cuid } from './columns.ts';
import {
  atLeast,
  email,
  immutable,
  ipAddress,
  line,
  optional,
  prose,
  sha256,
  url,
} from './fields.ts';

export const userRole = pgEnum('UserRole', ['USER', 'ADMIN']);
export type UserRole = (typeof userRole.enumValues)[number];

export const devicePlatform = pgEnum('DevicePlatform', ['WEB', 'DESKTOP', 'IOS', 'ANDROID']);
export type DevicePlatform = (typeof devicePlatform.enumValues)[number];

export const verificationTokenType = pgEnum('VerificationTokenType', [
  'EMAIL',
  'PASSWORD_RESET',
  'MAGIC_LINK',
]);
export type VerificationTokenType = (typeof verificationTokenType.enumValues)[number];

/** A row is a person who can sign in. */
export const users = pgTable(
  'users',
  {
    id: cuid(),
    email: text('email').notNull(),
    /** bcrypt hash; null for people who sign in through Google only. */
    password: text('password'),
    role: userRole('role').notNull().default('USER'),
    /** Google's own account number. Not a foreign key: the account lives at Google. */
    googleId: text('googleId'),
    displayName: text('displayName'),
    avatarUrl: text('avatarUrl'),
    /** Raising it invalidates every session and token issued before. */
    tokenVersion: integer('tokenVersion').notNull().default(0),
    emailVerifiedAt: instant('emailVerifiedAt'),
    lastLoginAt: instant('lastLoginAt'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves signing in and inviting by address, whatever its case. */
    uniqueIndex('users_email_key').on(sql`lower(${t.email})`),
    /** Serves signing in through Google. */
    uniqueIndex('users_googleId_key').on(t.googleId),
    check('users_password_check', sql`${t.password} ~ '^\\$2[aby]\\$[0-9]{2}\\$.{53}$'`),
    check('users_tokenVersion_check', sql`${t.tokenVersion} >= 0`),
  ],
);

const userFields = {
  email,
  password: optional((field: z.ZodString) =>
    field.regex(/^\$2[aby]\$\d{2}\$.{53}$/, 'must be a bcrypt hash, never the password itself'),
  ),
  googleId: optional(line(255)),
  displayName: optional(line(200)),
  avatarUrl: optional(url),
  tokenVersion: optional(atLeast(0)),
};
export const insertUserSchema = createInsertSchema(users, userFields);
export const selectUserSchema = createSelectSchema(users);
export const updateUserSchema = createUpdateSchema(users, userFields).omit(immutable);
export type User = typeof users.$inferSelect;
export type NewUser = typeof users.$inferInsert;

/** A row is one signed-in browser or program, until it expires or is revoked. */
export const sessions = pgTable(
  'sessions',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    userAgent: text('userAgent'),
    ipAddress: text('ipAddress'),
    expiresAt: instant('expiresAt').notNull(),
    lastUsedAt: instant('lastUsedAt'),
    revokedAt: instant('revokedAt'),
    revokedReason: text('revokedReason'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'sessions_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves verifying a session. */
    uniqueIndex('sessions_tokenHash_key').on(t.tokenHash),
    /** Serves a user's sessions, latest first. */
    index('sessions_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    /** Serves deleting expired sessions in batches. */
    index('sessions_expiresAt_idx').on(t.expiresAt),
    checkTokenHash('sessions_tokenHash_check', t.tokenHash),
  ],
);

const sessionFields = {
  tokenHash: sha256,
  tokenPrefix: line(20),
  tokenVersion: atLeast(0),
  userAgent: optional(prose(1000)),
  ipAddress: optional(ipAddress),
  revokedReason: optional(line(200)),
};
export const insertSessionSchema = createInsertSchema(sessions, sessionFields);
export const selectSessionSchema = createSelectSchema(sessions);
export const updateSessionSchema = createUpdateSchema(sessions, sessionFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
});
export type Session = typeof sessions.$inferSelect;
export type NewSession = typeof sessions.$inferInsert;

/** A row is one refresh token; each use revokes it and adds its successor to the same family. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    /** All descendants of one sign-in. Not a foreign key: a group's name, without a row of its own. */
    familyId: text('familyId').notNull(),
    expiresAt: instant('expiresAt').notNull(),
    revokedAt: instant('revokedAt'),
    replacedById: text('replacedById'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'refresh_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'refresh_tokens_replacedById_fkey',
      columns: [t.replacedById],
      foreignColumns: [t.id],
    }).onDelete('set null'),
    /** Serves rotating a refresh token. */
    uniqueIndex('refresh_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves deleting a user. */
    index('refresh_tokens_userId_idx').on(t.userId),
    /** Serves revoking a family. */
    index('refresh_tokens_familyId_idx').on(t.familyId),
    /** Serves deleting a token that replaced another. */
    index('refresh_tokens_replacedById_idx').on(t.replacedById),
    /** Serves deleting expired tokens in batches. */
    index('refresh_tokens_expiresAt_idx').on(t.expiresAt),
    checkTokenHash('refresh_tokens_tokenHash_check', t.tokenHash),
  ],
);

const refreshTokenFields = { tokenHash: sha256, tokenPrefix: line(20), tokenVersion: atLeast(0) };
export const insertRefreshTokenSchema = createInsertSchema(refreshTokens, refreshTokenFields);
export const selectRefreshTokenSchema = createSelectSchema(refreshTokens);
export const updateRefreshTokenSchema = createUpdateSchema(refreshTokens, refreshTokenFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
  familyId: true,
});
export type RefreshToken = typeof refreshTokens.$inferSelect;
export type NewRefreshToken = typeof refreshTokens.$inferInsert;

/** A row is the long-lived token of one device of one user. */
export const deviceTokens = pgTable(
  'device_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    /** What the device calls itself. Not a foreign key: devices have no table. */
    deviceId: text('deviceId').notNull(),
    platform: devicePlatform('platform').notNull(),
    deviceName: text('deviceName'),
    expiresAt: instant('expiresAt').notNull(),
    lastUsedAt: instant('lastUsedAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'device_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves verifying a device token. */
    uniqueIndex('device_tokens_tokenHash_key').on(t.tokenHash),
    /** One living token per device: issuing another revokes the first. */
    uniqueIndex('device_tokens_userId_deviceId_platform_key')
      .on(t.userId, t.deviceId, t.platform)
      .where(sql`${t.revokedAt} is null`),
    /** Serves a user's devices, latest first. */
    index('device_tokens_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    checkTokenHash('device_tokens_tokenHash_check', t.tokenHash),
  ],
);

const deviceTokenFields = {
  tokenHash: sha256,
  tokenPrefix: line(20),
  tokenVersion: atLeast(0),
  deviceId: line(200),
  deviceName: optional(line(200)),
};
export const insertDeviceTokenSchema = createInsertSchema(deviceTokens, deviceTokenFields);
export const selectDeviceTokenSchema = createSelectSchema(deviceTokens);
export const updateDeviceTokenSchema = createUpdateSchema(deviceTokens, deviceTokenFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
});
export type DeviceToken = typeof deviceTokens.$inferSelect;
export type NewDeviceToken = typeof deviceTokens.$inferInsert;

/** A row is a one-time link sent by e-mail. */
export const verificationTokens = pgTable(
  'verification_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    userId: text('userId').notNull(),
    type: verificationTokenType('type').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    expiresAt: instant('expiresAt').notNull(),
    usedAt: instant('usedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'verification_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves consuming a link. */
    uniqueIndex('verification_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves voiding a user's older links of the same type. */
    index('verification_tokens_userId_type_idx').on(t.userId, t.type),
    checkTokenHash('verification_tokens_tokenHash_check', t.tokenHash),
  ],
);

const verificationTokenFields = { tokenHash: sha256, tokenVersion: atLeast(0) };
export const insertVerificationTokenSchema = createInsertSchema(
  verificationTokens,
  verificationTokenFields,
);
export const selectVerificationTokenSchema = createSelectSchema(verificationTokens);
export const updateVerificationTokenSchema = createUpdateSchema(
  verificationTokens,
  verificationTokenFields,
).omit({ ...immutable, userId: true, tokenHash: true, type: true });
export type VerificationToken = typeof verificationTokens.$inferSelect;
export type NewVerificationToken = typeof verificationTokens.$inferInsert;

/** What a program holding an MCP token may do for its user. */
export const mcpScopeSchema = z.enum([
  'drives:read',
  'drives:write',
  'pages:read',
  'pages:write',
  'chat:read',
  'chat:write',
]);
export const mcpScopesSchema = z
  .array(mcpScopeSchema)
  .min(1)
  .max(mcpScopeSchema.options.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice');
export type McpScope = z.infer<typeof mcpScopeSchema>;

/** A row is a token with which a program acts for a user through the Model Context Protocol. */
export const mcpTokens = pgTable(
  'mcp_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    name: text('name').notNull(),
    scopes: jsonb('scopes').$type<McpScope[]>().notNull(),
    lastUsedAt: instant('lastUsedAt'),
    expiresAt: instant('expiresAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'mcp_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves verifying an MCP token. */
    uniqueIndex('mcp_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves a user's MCP tokens, latest first. */
    index('mcp_tokens_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    checkTokenHash('mcp_tokens_tokenHash_check', t.tokenHash),
  ],
);

const mcpTokenFields = {
  tokenHash: sha256,
  tokenPrefix: line(20),
  tokenVersion: atLeast(0),
  name: line(200),
  scopes: () => mcpScopesSchema,
};
export const insertMcpTokenSchema = createInsertSchema(mcpTokens, mcpTokenFields);
export const selectMcpTokenSchema = createSelectSchema(mcpTokens, {
  scopes: () => mcpScopesSchema,
});
export const updateMcpTokenSchema = createUpdateSchema(mcpTokens, mcpTokenFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
});
export type McpToken = typeof mcpTokens.$inferSelect;
export type NewMcpToken = typeof mcpTokens.$inferInsert;
