import { capabilities } from '@reference/local-postgres';
import { eq, sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  consumeVerificationToken,
  issueDeviceToken,
  issueMcpToken,
  issueVerificationToken,
  listDeviceTokens,
  listMcpTokens,
  raiseTokenVersion,
  revokeDeviceToken,
  revokeMcpToken,
  verifyDeviceToken,
  verifyMcpToken,
} from '../../src/queries/auth.ts';
import { mcpTokens, verificationTokens } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let userId: string;
let otherId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  userId = await addUser(workspace.db);
  otherId = await addUser(workspace.db);
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };

describe('verification tokens', () => {
  test('a link works once, for its type, before its end', async () => {
    const { db } = workspace;
    const { token } = await issueVerificationToken(db, { userId, type: 'EMAIL' });
    expect(await consumeVerificationToken(db, { token, type: 'PASSWORD_RESET' })).toBeUndefined();
    expect(await consumeVerificationToken(db, { token, type: 'EMAIL' })).toEqual({ userId });
    expect(await consumeVerificationToken(db, { token, type: 'EMAIL' })).toBeUndefined();
    expect(await consumeVerificationToken(db, { token: 'x', type: 'EMAIL' })).toBeUndefined();

    const expired = await issueVerificationToken(db, { userId, type: 'EMAIL' });
    await db
      .update(verificationTokens)
      .set({ expiresAt: raw`now() - interval '1 ms'` })
      .where(eq(verificationTokens.id, expired.id));
    expect(
      await consumeVerificationToken(db, { token: expired.token, type: 'EMAIL' }),
    ).toBeUndefined();
  });

  test('a newer link voids the older of its type; a raised version voids all', async () => {
    const { db } = workspace;
    const older = await issueVerificationToken(db, { userId, type: 'MAGIC_LINK' });
    const reset = await issueVerificationToken(db, { userId, type: 'PASSWORD_RESET' });
    const newer = await issueVerificationToken(db, { userId, type: 'MAGIC_LINK' });
    const use = (token: string) => consumeVerificationToken(db, { token, type: 'MAGIC_LINK' });
    expect(await use(older.token)).toBeUndefined();
    expect(await use(newer.token)).toEqual({ userId });
    await raiseTokenVersion(db, { userId });
    expect(
      await consumeVerificationToken(db, { token: reset.token, type: 'PASSWORD_RESET' }),
    ).toBeUndefined();
  });

  test('refuses an unknown user and an unknown type', async () => {
    const { db } = workspace;
    await expect(
      issueVerificationToken(db, { userId: 'nobody', type: 'EMAIL' }),
    ).rejects.toMatchObject(missing);
    await expect(
      // @ts-expect-error: what a caller without types may send
      issueVerificationToken(db, { userId, type: 'SMS' }),
    ).rejects.toMatchObject(invalid);
  });

  describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
    test('of two links issued at once the later alone works', async () => {
      const issue = (db: Db) => issueVerificationToken(db, { userId, type: 'MAGIC_LINK' });
      const { value: earlier, later } = await whileOpen(workspace, issue, issue);
      const latest = await later[0]?.outcome;
      const use = (token = '') =>
        consumeVerificationToken(workspace.db, { token, type: 'MAGIC_LINK' });
      expect(await use(earlier.token)).toBeUndefined();
      expect(await use(latest?.token)).toEqual({ userId });
    });

    test('of eight uses at once one gets the user', async () => {
      for (let round = 0; round < 20; round++) {
        const { token } = await issueVerificationToken(workspace.db, {
          userId,
          type: 'MAGIC_LINK',
        });
        const uses = await Promise.all(
          Array.from({ length: 8 }, () =>
            consumeVerificationToken(workspace.db, { token, type: 'MAGIC_LINK' }),
          ),
        );
        expect(uses.filter((used) => used !== undefined)).toEqual([{ userId }]);
      }
    });
  });
});

describe('device tokens', () => {
  const device = { deviceId: 'phone-1', platform: 'IOS' as const, deviceName: 'Phone' };

  test('a device has one living token; another replaces it', async () => {
    const { db } = workspace;
    const first = await issueDeviceToken(db, { userId, ...device });
    expect(await verifyDeviceToken(db, first)).toEqual({
      deviceTokenId: first.id,
      userId,
      deviceId: 'phone-1',
      platform: 'IOS',
    });
    const second = await issueDeviceToken(db, { userId, ...device });
    const third = await issueDeviceToken(db, { userId, ...device, platform: 'WEB' });
    expect(await verifyDeviceToken(db, first)).toBeUndefined();
    expect(await verifyDeviceToken(db, second)).toMatchObject({ deviceTokenId: second.id, userId });
    expect(await verifyDeviceToken(db, third)).toMatchObject({ deviceTokenId: third.id, userId });
    const { items } = await listDeviceTokens(db, { userId });
    expect(items).toHaveLength(2);
    expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}/);
    await raiseTokenVersion(db, { userId });
    expect(await verifyDeviceToken(db, third)).toBeUndefined();
  });

  test('a revoked token stays listed and frees the device; nobody revokes another’s', async () => {
    const { db } = workspace;
    const issued = await issueDeviceToken(db, { userId, ...device });
    const deviceTokenId = issued.id;
    await expect(revokeDeviceToken(db, { userId: otherId, deviceTokenId })).rejects.toMatchObject(
      missing,
    );
    await revokeDeviceToken(db, { userId, deviceTokenId });
    expect(await verifyDeviceToken(db, issued)).toBeUndefined();
    const again = await issueDeviceToken(db, { userId, ...device });
    expect(again.id).not.toBe(issued.id);
    expect((await listDeviceTokens(db, { userId })).items).toHaveLength(2);
    expect((await listDeviceTokens(db, { userId: otherId })).items).toEqual([]);
  });

  test('refuses an unknown user and platform', async () => {
    const { db } = workspace;
    await expect(issueDeviceToken(db, { userId: 'nobody', ...device })).rejects.toMatchObject(
      missing,
    );
    await expect(
      // @ts-expect-error: what a caller without types may send
      issueDeviceToken(db, { userId, ...device, platform: 'TOASTER' }),
    ).rejects.toMatchObject(invalid);
  });

  test.skipIf(!capabilities.concurrency)('of five issued at once one is left', async () => {
    const issued = await Promise.all(
      Array.from({ length: 5 }, () => issueDeviceToken(workspace.db, { userId, ...device })),
    );
    const holders = await Promise.all(issued.map((one) => verifyDeviceToken(workspace.db, one)));
    expect(holders.filter((holder) => holder !== undefined)).toHaveLength(1);
  });
});

describe('MCP tokens', () => {
  test('a token acts for its user within its scopes', async () => {
    const { db } = workspace;
    const issued = await issueMcpToken(db, { userId, name: 'CLI', scopes: ['pages:read'] });
    expect(issued.expiresAt).toBeNull();
    expect(await verifyMcpToken(db, { token: issued.token, scope: 'pages:read' })).toEqual({
      mcpTokenId: issued.id,
      userId,
      scopes: ['pages:read'],
    });
    await expect(
      verifyMcpToken(db, { token: issued.token, scope: 'pages:write' }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('pages:write') });
    expect(await verifyMcpToken(db, { token: 'mcp_x', scope: 'pages:read' })).toBeUndefined();
  });

  test('expired, revoked and void tokens are nobody’s', async () => {
    const { db } = workspace;
    const scopes = ['pages:read' as const];
    const verify = (token: string) => verifyMcpToken(db, { token, scope: 'pages:read' });
    const expiring = await issueMcpToken(db, { userId, name: 'a', scopes, lifetimeSeconds: 60 });
    expect(await verify(expiring.token)).toMatchObject({ mcpTokenId: expiring.id, userId });
    await db
      .update(mcpTokens)
      .set({ expiresAt: raw`now() - interval '1 ms'` })
      .where(eq(mcpTokens.id, expiring.id));
    expect(await verify(expiring.token)).toBeUndefined();

    const revoked = await issueMcpToken(db, { userId, name: 'b', scopes });
    await expect(
      revokeMcpToken(db, { userId: otherId, mcpTokenId: revoked.id }),
    ).rejects.toMatchObject(missing);
    await revokeMcpToken(db, { userId, mcpTokenId: revoked.id });
    await revokeMcpToken(db, { userId, mcpTokenId: revoked.id });
    expect(await verify(revoked.token)).toBeUndefined();

    const { token } = await issueMcpToken(db, { userId, name: 'c', scopes });
    await raiseTokenVersion(db, { userId });
    expect(await verify(token)).toBeUndefined();

    const { items } = await listMcpTokens(db, { userId });
    expect(items.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}/);
    expect((await listMcpTokens(db, { userId: otherId })).items).toEqual([]);
  });

  test('refuses no scope, an unknown one, one twice, and an unknown user', async () => {
    const { db } = workspace;
    const issue = (scopes: string[], holder = userId) =>
      // @ts-expect-error: what a caller without types may send
      issueMcpToken(db, { userId: holder, name: 'CLI', scopes });
    await expect(issue([])).rejects.toMatchObject(invalid);
    await expect(issue(['everything'])).rejects.toMatchObject(invalid);
    await expect(issue(['pages:read', 'pages:read'])).rejects.toMatchObject(invalid);
    await expect(issue(['pages:read'], 'nobody')).rejects.toMatchObject(missing);
  });
});
