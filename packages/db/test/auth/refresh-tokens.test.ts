import { randomUUID } from 'node:crypto';
import { capabilities } from '@reference/local-postgres';
import { eq, sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  issueRefreshToken,
  purgeRefreshTokens,
  type Rotation,
  raiseTokenVersion,
  revokeRefreshTokens,
  rotateRefreshToken,
} from '../../src/queries/auth.ts';
import { refreshTokens, users } from '../../src/schema/index.ts';
import { openRacers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let userId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const email = `${randomUUID()}@example.com`;
  const [user] = await workspace.db.insert(users).values({ email }).returning({ id: users.id });
  userId = user?.id ?? '';
});

const rotate = (token: string) => rotateRefreshToken(workspace.db, { token });
async function rotated(token: string): Promise<string> {
  const rotation = await rotate(token);
  if (rotation.outcome !== 'rotated') throw new Error(`expected rotated, got ${rotation.outcome}`);
  expect(rotation.userId).toBe(userId);
  return rotation.issued.token;
}
const living = async () =>
  (await workspace.db.select().from(refreshTokens).where(eq(refreshTokens.userId, userId))).filter(
    ({ revokedAt }) => revokedAt === null,
  ).length;

test('each use gives a successor of the same family, which names what it replaced', async () => {
  const first = await issueRefreshToken(workspace.db, { userId });
  const third = await rotated(await rotated(first.token));
  const rows = await workspace.db
    .select()
    .from(refreshTokens)
    .where(eq(refreshTokens.userId, userId))
    .orderBy(refreshTokens.createdAt);
  expect(new Set(rows.map(({ familyId }) => familyId)).size).toBe(1);
  expect(rows.map(({ replacedById }) => replacedById)).toEqual([rows[1]?.id, rows[2]?.id, null]);
  expect(JSON.stringify(rows)).not.toContain(third);
  expect(await living()).toBe(1);
});

test('a second use revokes the whole family, and no other', async () => {
  const other = await issueRefreshToken(workspace.db, { userId });
  const first = await issueRefreshToken(workspace.db, { userId });
  const second = await rotated(first.token);
  expect(await rotate(first.token)).toEqual({ outcome: 'reused', userId, revoked: 1 });
  expect(await rotate(second)).toEqual({ outcome: 'reused', userId, revoked: 0 });
  expect(await living()).toBe(1);
  await rotated(other.token);
});

test('unknown, expired and void tokens are invalid and revoke nothing', async () => {
  const { db } = workspace;
  expect(await rotate('ref_unknown')).toEqual({ outcome: 'invalid' });
  const expired = await issueRefreshToken(db, { userId });
  await db
    .update(refreshTokens)
    .set({ expiresAt: raw`now() - interval '1 ms'` })
    .where(eq(refreshTokens.id, expired.id));
  expect(await rotate(expired.token)).toEqual({ outcome: 'invalid' });
  const issued = await issueRefreshToken(db, { userId });
  await raiseTokenVersion(db, { userId });
  expect(await rotate(issued.token)).toEqual({ outcome: 'invalid' });
  await expect(issueRefreshToken(db, { userId: 'nobody' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('signing out revokes the family of any of its tokens', async () => {
  const first = await issueRefreshToken(workspace.db, { userId });
  const second = await rotated(first.token);
  expect(await revokeRefreshTokens(workspace.db, { token: first.token })).toBe(1);
  expect(await revokeRefreshTokens(workspace.db, { token: 'ref_unknown' })).toBe(0);
  expect(await rotate(second)).toMatchObject({ outcome: 'reused' });
});

test('purging deletes what expired, in batches', async () => {
  const { db } = workspace;
  const kept = await issueRefreshToken(db, { userId });
  const expiredBefore = new Date(Date.now() + 120_000);
  await purgeRefreshTokens(db, { expiredBefore });
  for (let i = 0; i < 4; i++) await issueRefreshToken(db, { userId, lifetimeSeconds: 60 });
  expect(await purgeRefreshTokens(db, { expiredBefore, batch: 3 })).toBe(3);
  expect(await purgeRefreshTokens(db, { expiredBefore, batch: 3 })).toBe(1);
  await rotated(kept.token);
});

describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
  test('purging passes by tokens that another purge holds, without waiting', async () => {
    const { db } = workspace;
    const expiredBefore = new Date(Date.now() + 120_000);
    await purgeRefreshTokens(db, { expiredBefore });
    for (let i = 0; i < 2; i++) await issueRefreshToken(db, { userId, lifetimeSeconds: 60 });
    const racers = openRacers(workspace, 1);
    const [racer = db] = racers.connections;
    await racer.transaction(async (tx) => {
      expect(await purgeRefreshTokens(tx, { expiredBefore, batch: 1 })).toBe(1);
      expect(await purgeRefreshTokens(db, { expiredBefore })).toBe(1);
    });
    await racers.close();
  });

  test('of five uses at once one rotates, and the family is revoked', async () => {
    for (let round = 0; round < 20; round++) {
      const { token } = await issueRefreshToken(workspace.db, { userId });
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => rotate(token)));
      expect(outcomes.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'reused')).toHaveLength(4);
      expect(await living()).toBe(0);
    }
  });

  test('a successor made while its family is being revoked does not escape', async () => {
    for (let round = 0; round < 30; round++) {
      const first = await issueRefreshToken(workspace.db, { userId });
      const second = await rotated(first.token);
      // The thief uses the first again while the owner renews the second.
      const [theft, renewal]: Rotation[] = await Promise.all([rotate(first.token), rotate(second)]);
      expect(theft?.outcome).toBe('reused');
      expect(['rotated', 'reused']).toContain(renewal?.outcome);
      expect(await living()).toBe(0);
    }
  });

  test('raising the version while a token is renewed leaves no token that holds', async () => {
    for (let round = 0; round < 20; round++) {
      const { token } = await issueRefreshToken(workspace.db, { userId });
      const [rotation] = await Promise.all([
        rotate(token),
        raiseTokenVersion(workspace.db, { userId }),
      ]);
      if (rotation.outcome === 'rotated') {
        expect(await rotate(rotation.issued.token)).toEqual({ outcome: 'invalid' });
      }
    }
  });
});
