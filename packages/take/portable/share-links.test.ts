import { ConflictError, hashToken, InvalidInputError, NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from './database.ts';
import {
  createShareLink,
  listShareLinks,
  openShareLink,
  purgeShareLinks,
  revokeShareLink,
} from './queries/share-links.ts';
import { shareLinks } from './schema/share-links.ts';
import { capabilities, type OpenDatabase, openDatabase, openRacers } from './test-database.ts';

let database: OpenDatabase;
let db: Database;
beforeAll(async () => {
  database = await openDatabase();
  ({ db } = database);
});
afterAll(() => database?.close());

let counter = 0;
const newResource = () => ({ resourceId: `document ${++counter}`, createdBy: 'ada' });
const opens = (on: Database, token: string, holds?: ReturnType<typeof sql>) =>
  openShareLink(on, { token, ...(holds && { holds }) }).then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(NotFoundError);
      return false;
    },
  );

test('whoever holds the token opens the resource; the database keeps its hash alone', async () => {
  const of = newResource();
  const { token } = await createShareLink(db, { ...of, name: 'For the printer' });
  expect(await openShareLink(db, { token })).toEqual(of);
  const [link] = await listShareLinks(db, of);
  expect(link).toMatchObject({ name: 'For the printer', uses: 1, maxUses: null });
  const [stored] = await db
    .select()
    .from(shareLinks)
    .where(eq(shareLinks.tokenHash, hashToken(token)))
    .limit(1);
  expect(stored?.id).toBe(link?.id);
  expect(JSON.stringify([stored, link])).not.toContain(token.slice(12));
});

test('a link ends by expiry, revocation or its last use; nobody is told which', async () => {
  const of = newResource();
  const make = (more: object = {}) => createShareLink(db, { ...of, ...more });
  const [expired, revoked, once] = [await make(), await make(), await make({ maxUses: 1 })];
  await db
    .update(shareLinks)
    .set({ expiresAt: sql`now() - interval '1 ms'` })
    .where(eq(shareLinks.id, expired.id));
  const other = newResource().resourceId;
  const revoke = (resourceId: string, linkId: string) =>
    revokeShareLink(db, { resourceId, linkId });
  expect(await revoke(other, revoked.id)).toEqual({ revoked: false });
  expect(await revoke(of.resourceId, revoked.id)).toEqual({ revoked: true });
  expect(await opens(db, once.token)).toBe(true);
  const messages = new Set<string>();
  for (const token of [expired.token, revoked.token, once.token, 'share_unknown', '']) {
    await openShareLink(db, { token }).catch((error: unknown) => messages.add(String(error)));
  }
  expect(messages.size).toBe(1);
  expect(await listShareLinks(db, of)).toEqual([]);
  for (const { id } of [expired, revoked, once])
    expect(await revoke(of.resourceId, id)).toEqual({ revoked: false });
});

test('a link holds only while the project’s own condition does, and a refusal is no use', async () => {
  const of = newResource();
  await database.sql`create table editors (document text, person text)`;
  const mayShare = sql`exists (select from editors where document = ${shareLinks.resourceId} and person = ${shareLinks.createdBy})`;
  const { token } = await createShareLink(db, { ...of, maxUses: 1 });
  expect(await opens(db, token, mayShare)).toBe(false);
  await database.sql`insert into editors values (${of.resourceId}, ${of.createdBy})`;
  expect(await opens(db, token, mayShare)).toBe(true);
  expect(await opens(db, token, mayShare)).toBe(false);
});

test('a resource has at most 100 open links; wrong input is refused', async () => {
  const of = newResource();
  const row = (n: number) => ({
    ...of,
    tokenHash: hashToken(`${of.resourceId} ${n}`),
    tokenPrefix: 'share_',
    expiresAt: sql`now() + interval '1 day'`,
  });
  await db.insert(shareLinks).values(Array.from({ length: 100 }, (_, n) => row(n)));
  await expect(createShareLink(db, of)).rejects.toThrow(ConflictError);
  for (const wrong of [
    { resourceId: '' },
    { maxUses: 0 },
    { name: ' ' },
    { lifetimeSeconds: 0 },
    { lifetimeSeconds: 401 * 86_400 },
  ])
    await expect(createShareLink(db, { ...newResource(), ...wrong })).rejects.toThrow(
      InvalidInputError,
    );
});

test('purging deletes the oldest that expired, as many as asked for', async () => {
  const of = newResource();
  const made = [];
  for (let n = 0; n < 3; n++) made.push(await createShareLink(db, of));
  for (const [n, { id }] of made.entries())
    await db
      .update(shareLinks)
      .set({ expiresAt: sql`'2020-01-01'::timestamptz + make_interval(days => ${n})` })
      .where(eq(shareLinks.id, id));
  const before = new Date('2020-01-03T00:00:00Z');
  expect(await purgeShareLinks(db, { before, limit: 1 })).toEqual({ deleted: 1 });
  expect(await purgeShareLinks(db, { before })).toEqual({ deleted: 1 });
  const left = await db
    .select({ id: shareLinks.id })
    .from(shareLinks)
    .where(eq(shareLinks.resourceId, of.resourceId))
    .limit(10);
  expect(left).toEqual([{ id: made[2]?.id }]);
});

test.skipIf(!capabilities.concurrency)(
  'eight uses at once of a link with three left: three succeed',
  async () => {
    const racers = openRacers(database, 8);
    for (let round = 0; round < 10; round++) {
      const of = newResource();
      const { token } = await createShareLink(db, { ...of, maxUses: 3 });
      const used = await Promise.all(racers.connections.map((on) => opens(on, token)));
      expect(used.filter(Boolean)).toHaveLength(3);
    }
    await racers.close();
  },
);
