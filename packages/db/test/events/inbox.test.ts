import { InvalidInputError, transaction } from '@reference/kit';
import { applyOnce, purgeInbox } from '@reference/kit/inbox';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import type { Db } from '../../src/database.ts';
import { openRacers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await workspace.sql`create table effects (message text not null)`;
});
afterAll(() => workspace.close());
beforeEach(() => workspace.sql`truncate inbox_messages, effects`);

const apply = (db: Db, messageId: string, source = 'shop') =>
  applyOnce(db, { source, messageId }, async (tx) => {
    await tx.execute(raw`insert into effects values (${messageId})`);
  });
const effects = async () => (await workspace.sql`select message from effects`).length;

test('a message is applied once; the same id of another sender is another message', async () => {
  const { db } = workspace;
  expect(await apply(db, '1')).toEqual({ isApplied: true });
  expect(await apply(db, '1')).toEqual({ isApplied: false });
  expect(await apply(db, '1', 'bank')).toEqual({ isApplied: true });
  expect(await effects()).toBe(2);
});

test('a message whose effect failed was never there', async () => {
  const { db } = workspace;
  const failing = applyOnce(db, { source: 'shop', messageId: '1' }, async (tx) => {
    await tx.execute(raw`insert into effects values ('half')`);
    throw new Error('the rest failed');
  });
  await expect(failing).rejects.toThrow('the rest failed');
  expect(await effects()).toBe(0);
  expect(await apply(db, '1')).toEqual({ isApplied: true });
});

test('purging forgets what is old, as many as asked for, and nothing else', async () => {
  const { db, sql } = workspace;
  for (const [source, id] of [
    ['a', '1'],
    ['a', '2'],
    ['b', '1'],
    ['b', '2'],
  ] as const)
    await apply(db, id, source);
  await sql`update inbox_messages set "createdAt" = now() - interval '31 days' where (source, "messageId") in (('a', '1'), ('b', '2'))`;
  expect(await purgeInbox(db, { limit: 1 })).toBe(1);
  expect(await purgeInbox(db)).toBe(1);
  expect(await sql`select source, "messageId" from inbox_messages order by 1`).toEqual([
    { source: 'a', messageId: '2' },
    { source: 'b', messageId: '1' },
  ]);
  await expect(apply(db, '')).rejects.toThrow(InvalidInputError);
});

test('purging begins with the oldest', async () => {
  const { db, sql } = workspace;
  for (const id of ['1', '2', '3']) await apply(db, id);
  await sql`update inbox_messages set "createdAt" = now() - make_interval(days => 30 + "messageId"::int)`;
  expect(await purgeInbox(db, { limit: 1 })).toBe(1);
  const left = await sql`select "messageId" from inbox_messages order by 1`;
  expect(left.map(({ messageId }) => messageId)).toEqual(['1', '2']);
});

test.skipIf(!capabilities.concurrency)(
  'purging passes by a message that somebody holds, without waiting',
  async () => {
    const { db, sql } = workspace;
    for (const id of ['1', '2']) await apply(db, id);
    await sql`update inbox_messages set "createdAt" = now() - interval '40 days'`;
    const holder = createDb({ url: workspace.url, max: 1 });
    await transaction(holder.db, async (tx) => {
      await tx.execute(raw`select 1 from inbox_messages where "messageId" = '1' for update`);
      expect(await purgeInbox(db)).toBe(1);
    });
    await holder.close();
    expect(await purgeInbox(db)).toBe(1);
  },
);

test.skipIf(!capabilities.concurrency)('of four arrivals at once one is applied', async () => {
  const racers = openRacers(workspace, 4);
  await race<Db, string>({
    name: 'applyOnce × 4',
    connections: racers.connections,
    setup: async (round) => {
      await workspace.sql`truncate effects`;
      return `message ${round}`;
    },
    calls: Array.from({ length: 4 }, () => apply),
    check: async () => expect(await effects()).toBe(1),
  });
  await racers.close();
});
