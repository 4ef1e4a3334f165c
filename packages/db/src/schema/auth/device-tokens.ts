import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import {
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { checkTokenHash, cuid } from '../columns.ts';
import { atLeast, immutable, line, optional, sha256 } from '../fields.ts';
import { users } from './users.ts';

export const devicePlatform = pgEnum('DevicePlatform', ['WEB', 'DESKTOP', 'IOS', 'ANDROID']);
export type DevicePlatform = (typeof devicePlatform.enumValues)[number];

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
    /** The device's own name. Not a foreign key: devices have no table. */
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
    /** One active token per device; issuing another revokes the first. */
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
