import {
  hashToken,
  issueToken,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type DevicePlatform,
  type DeviceToken,
  deviceTokens,
  insertDeviceTokenSchema,
  users,
} from '../../schema/auth.ts';
import { onlyRow } from '../rows.ts';
import { endOfLife, holds, type Issued, noSuchUser, presentVersion } from './issued.ts';

const issueDeviceTokenSchema = insertDeviceTokenSchema.pick({
  userId: true,
  deviceId: true,
  platform: true,
  deviceName: true,
});

const ninetyDays = 90 * 86_400;

/**
 * Signs a device in. A device has one active token: issuing another replaces it.
 *
 * @param params.lifetimeSeconds default 90 days
 * @throws NotFoundError when there is no such user
 */
export async function issueDeviceToken(
  db: Db,
  params: z.input<typeof issueDeviceTokenSchema> & { lifetimeSeconds?: number },
): Promise<Issued> {
  const { lifetimeSeconds = ninetyDays, ...input } = params;
  const fields = parseInput(issueDeviceTokenSchema, input);
  const { token, ...stored } = issueToken('dev');
  const renewed = {
    ...stored,
    deviceName: fields.deviceName ?? null,
    tokenVersion: presentVersion(fields.userId),
    expiresAt: endOfLife(lifetimeSeconds),
    lastUsedAt: null,
  };
  const rows = await mapConstraints(
    db
      .insert(deviceTokens)
      .values({ ...fields, ...renewed })
      .onConflictDoUpdate({
        target: [deviceTokens.userId, deviceTokens.deviceId, deviceTokens.platform],
        targetWhere: isNull(deviceTokens.revokedAt),
        set: renewed,
      })
      .returning({ id: deviceTokens.id, expiresAt: deviceTokens.expiresAt }),
    { device_tokens_userId_fkey: noSuchUser },
  );
  return { ...onlyRow(rows), token };
}

/** The device of a request, and its owner. */
export interface DeviceHolder {
  readonly deviceTokenId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly platform: DevicePlatform;
}

/**
 * Finds the device of a token, and records the use.
 *
 * @returns undefined for an unknown, expired, replaced or revoked token, and for one that a raised
 *   tokenVersion has voided
 */
export async function verifyDeviceToken(
  db: Db,
  params: { token: string },
): Promise<DeviceHolder | undefined> {
  const [holder] = await db
    .update(deviceTokens)
    .set({ lastUsedAt: sql`now()` })
    .from(users)
    .where(
      and(
        eq(deviceTokens.tokenHash, hashToken(params.token)),
        eq(users.id, deviceTokens.userId),
        holds(deviceTokens),
      ),
    )
    .returning({
      deviceTokenId: deviceTokens.id,
      userId: deviceTokens.userId,
      deviceId: deviceTokens.deviceId,
      platform: deviceTokens.platform,
    });
  return holder;
}

const summary = {
  id: deviceTokens.id,
  tokenPrefix: deviceTokens.tokenPrefix,
  deviceId: deviceTokens.deviceId,
  platform: deviceTokens.platform,
  deviceName: deviceTokens.deviceName,
  expiresAt: deviceTokens.expiresAt,
  lastUsedAt: deviceTokens.lastUsedAt,
  revokedAt: deviceTokens.revokedAt,
  createdAt: deviceTokens.createdAt,
};
/** A device's token as its owner sees it listed: neither the token nor its hash. */
export type DeviceTokenSummary = Pick<DeviceToken, keyof typeof summary>;

const latestFirst = keyset([
  { column: deviceTokens.createdAt, direction: 'desc' },
  { column: deviceTokens.id, direction: 'desc' },
]);

/** Lists a user's devices, latest first, also those that were signed out. */
export async function listDeviceTokens(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<DeviceTokenSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(deviceTokens)
      .where(and(eq(deviceTokens.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Signs a device out. Doing it again changes nothing.
 *
 * @throws NotFoundError when this user has no such device token
 */
export async function revokeDeviceToken(
  db: Db,
  params: { userId: string; deviceTokenId: string },
): Promise<void> {
  const revoked = await db
    .update(deviceTokens)
    .set({ revokedAt: sql`coalesce(${deviceTokens.revokedAt}, now())` })
    .where(and(eq(deviceTokens.id, params.deviceTokenId), eq(deviceTokens.userId, params.userId)))
    .returning({ id: deviceTokens.id });
  if (revoked.length === 0) {
    throw new NotFoundError('This user has no such device. List the devices and choose one.');
  }
}
