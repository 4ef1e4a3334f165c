import { capabilities } from '@reference/local-postgres';
import { eq, sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  issueSession,
  listSessions,
  purgeSessions,
  revokeSession,
  revokeSessions,
  touchSession,
  verifySession,
} from '../../src/queries/auth.ts';
import { sessions, users } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openRacers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let userId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  userId = await addUser(workspace.db);
});

test('a session is verified by its token, of which only the SHA-256 is stored', async () => {
  const { db, sql } = workspace;
  const issued = await issueSession(db, { userId, userAgent: 'curl/8', ipAddress: '::1' });
  await db.update(users).set({ displayName: 'Ada' }).where(eq(users.id, userId));
  expect(await verifySession(db, issued)).toEqual({
    sessionId: issued.id,
    userId,
    email: expect.stringContaining('@'),
    displayName: 'Ada',
    role: 'USER',
    issuedAt: expect.any(Date),
    lastUsedAt: null,
  });
  const [row] = await sql`select to_jsonb(s)::text as text from sessions s where id = ${issued.id}`;
  expect(row?.text).not.toContain(issued.token);
  expect(row?.text).toContain(issued.token.slice(0, 8));
});

test('an unknown, expired or revoked token is nobody', async () => {
  const { db } = workspace;
  expect(await verifySession(db, { token: 'ses_unknown' })).toBeUndefined();
  expect(await verifySession(db, { token: 'ses_\0' })).toBeUndefined();

  const expired = await issueSession(db, { userId });
  await db
    .update(sessions)
    .set({ expiresAt: raw`now() - interval '1 ms'` })
    .where(eq(sessions.id, expired.id));
  expect(await verifySession(db, expired)).toBeUndefined();

  const revoked = await issueSession(db, { userId });
  await revokeSession(db, { userId, sessionId: revoked.id, reason: 'signed out' });
  expect(await verifySession(db, revoked)).toBeUndefined();
  await revokeSession(db, { userId, sessionId: revoked.id, reason: 'again' });
  const { items } = await listSessions(db, { userId });
  expect(items[0]).toMatchObject({ id: revoked.id, revokedReason: 'signed out' });
});

test('touching notes the use, at most once a minute', async () => {
  const { db } = workspace;
  const issued = await issueSession(db, { userId });
  const lastUsed = async () => (await verifySession(db, issued))?.lastUsedAt;
  await touchSession(db, { sessionId: issued.id });
  const first = await lastUsed();
  expect(first).toBeInstanceOf(Date);
  await touchSession(db, { sessionId: issued.id });
  expect(await lastUsed()).toEqual(first);
  await db
    .update(sessions)
    .set({ lastUsedAt: new Date(Date.now() - 61_000) })
    .where(eq(sessions.id, issued.id));
  await touchSession(db, { sessionId: issued.id });
  expect((await lastUsed())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? 0);
});

test('the list pages through a user’s own sessions and holds no hash', async () => {
  const { db } = workspace;
  const issued = [];
  for (let i = 0; i < 5; i++) issued.push(await issueSession(db, { userId }));
  await issueSession(db, { userId: await addUser(db) });
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listSessions>> = await listSessions(db, {
      userId,
      after,
      limit: 2,
    });
    expect(JSON.stringify(page.items)).not.toMatch(/[0-9a-f]{64}/);
    seen.push(...page.items.map(({ id }) => id));
    after = page.nextCursor;
  } while (after);
  expect(new Set(seen)).toEqual(new Set(issued.map(({ id }) => id)));
  expect(seen).toHaveLength(5);
  await expect(listSessions(db, { userId, after: 'damaged' })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

test('another user’s session can be neither revoked nor kept', async () => {
  const { db } = workspace;
  const other = await addUser(db);
  const theirs = await issueSession(db, { userId: other });
  await expect(revokeSession(db, { userId, sessionId: theirs.id })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const kept = await issueSession(db, { userId });
  await issueSession(db, { userId });
  expect(await revokeSessions(db, { userId, exceptSessionId: kept.id })).toBe(1);
  expect(await revokeSessions(db, { userId, exceptSessionId: theirs.id })).toBe(1);
  expect(await verifySession(db, kept)).toBeUndefined();
  expect(await verifySession(db, theirs)).toMatchObject({ sessionId: theirs.id, userId: other });
});

test('purging deletes expired sessions in batches and no others', async () => {
  const { db } = workspace;
  const living = await issueSession(db, { userId });
  const expiredBefore = new Date(Date.now() + 120_000);
  await purgeSessions(db, { expiredBefore });
  for (let i = 0; i < 5; i++) await issueSession(db, { userId, lifetimeSeconds: 60 });
  expect(await purgeSessions(db, { expiredBefore, batch: 3 })).toBe(3);
  expect(await purgeSessions(db, { expiredBefore, batch: 3 })).toBe(2);
  expect(await verifySession(db, living)).toMatchObject({ sessionId: living.id, userId });
});

test.skipIf(!capabilities.concurrency)(
  'purging passes by sessions that another purge holds, without waiting',
  async () => {
    const { db } = workspace;
    const expiredBefore = new Date(Date.now() + 120_000);
    await purgeSessions(db, { expiredBefore });
    for (let i = 0; i < 2; i++) await issueSession(db, { userId, lifetimeSeconds: 60 });
    const racers = openRacers(workspace, 1);
    const [racer = db] = racers.connections;
    await racer.transaction(async (tx) => {
      expect(await purgeSessions(tx, { expiredBefore, batch: 1 })).toBe(1);
      expect(await purgeSessions(db, { expiredBefore })).toBe(1);
    });
    await racers.close();
  },
);

test('refuses an unknown user, an address that is none, and an endless life', async () => {
  const { db } = workspace;
  await expect(issueSession(db, { userId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const invalid = { code: 'INVALID_INPUT' };
  await expect(issueSession(db, { userId, ipAddress: 'localhost' })).rejects.toMatchObject(invalid);
  for (const lifetimeSeconds of [0, -1, 1.5, Number.POSITIVE_INFINITY, 401 * 86_400]) {
    await expect(issueSession(db, { userId, lifetimeSeconds })).rejects.toMatchObject(invalid);
  }
});
