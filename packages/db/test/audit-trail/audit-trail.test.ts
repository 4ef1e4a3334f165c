import { transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import type { Db } from '../../src/database.ts';
import {
  appendActivityLogs,
  forgetInAuditTrail,
  listAuditAnchors,
  pruneAuditTrail,
  verifyAuditTrail,
} from '../../src/queries/audit.ts';
import { listActivity } from '../../src/queries/monitoring.ts';
import { addUsersById } from '../people.ts';
import { openRacers, whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await addUsersById(workspace.db, 'ada', 'ada1', 'zoe1');
});
afterAll(() => workspace.close());

let counter = 0;
const newDrive = () => `drive${++counter}`;
const write = (db: Db, driveId: string, count = 1, more: object = {}) =>
  appendActivityLogs(db, {
    lines: Array.from({ length: count }, () => ({ action: 'page.rename', driveId, ...more })),
  });
const verify = (driveId: string, anchors?: Parameters<typeof verifyAuditTrail>[1]['anchors']) =>
  verifyAuditTrail(workspace.db, { scope: `drive ${driveId}`, ...(anchors && { anchors }) });
const refused = { sqlstate: '42501' };

test('a chain of 1,200 entries verifies; each drive has its own', async () => {
  const { db } = workspace;
  const [one, other] = [newDrive(), newDrive()];
  const details = { before: { b: 1, a: ['ü', null] }, after: { title: '1:x-' } };
  await write(db, one, 1200, { actorId: 'ada', ...details });
  await write(db, other);
  const report = await verify(one);
  expect(report).toMatchObject({ entries: 1200, redacted: 0, broken: undefined });
  expect(report.anchor?.position).toBe(1200);
  expect(await verify(other)).toMatchObject({ entries: 1, broken: undefined });
  expect(await verify('nowhere')).toMatchObject({
    entries: 0,
    anchor: undefined,
    broken: undefined,
  });
});

test('an act that is rolled back leaves no entry and no gap', async () => {
  const { db } = workspace;
  const driveId = newDrive();
  await write(db, driveId);
  const failed = transaction(db, async (tx) => {
    await write(tx, driveId, 3);
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  await write(db, driveId);
  expect(await verify(driveId)).toMatchObject({ entries: 2, broken: undefined });
});

test('the writer sets neither place nor hash nor the database’s time', async () => {
  const { sql } = workspace;
  const driveId = newDrive();
  await sql`insert into audit_entries (scope, position, id, action, hash, "previousHash", "recordedAt", "redactedAt")
    values (${`drive ${driveId}`}, 77, 'x', 'page.rename', repeat('a', 64), repeat('a', 64), '2001-01-01', now())`;
  const [row] =
    await sql`select position::int, hash, "redactedAt", "recordedAt" > now() - interval '1 minute' as "isNow"
    from audit_entries where scope = ${`drive ${driveId}`}`;
  expect(row).toMatchObject({ position: 1, redactedAt: null, isNow: true });
  expect(row?.hash).not.toBe('a'.repeat(64));
  expect((await verify(driveId)).broken).toBeUndefined();
});

test('nobody edits, deletes or empties, the owner of the tables neither, nor as a replica', async () => {
  const { db } = workspace;
  const driveId = newDrive();
  await write(db, driveId, 2, { after: { title: 'a' } });
  for (const statement of [
    `update audit_entries set action = 'page.other'`,
    `update audit_entries set before = null, after = null, action = 'page.other'`,
    `update audit_entries set after = '{}'`,
    'delete from audit_entries',
    'truncate audit_entries',
    `update audit_heads set hash = repeat('a', 64)`,
    'update audit_heads set position = position - 1',
    `update audit_heads set "prunedPosition" = 1, "prunedHash" = repeat('a', 64)`,
    `insert into audit_heads (scope, position, hash) values ('made up', 0, '')`,
    'delete from audit_heads',
    'truncate audit_heads',
  ]) {
    await expect(db.execute(raw.raw(statement)), statement).rejects.toMatchObject(refused);
    const asReplica = transaction(db, async (tx) => {
      await tx.execute(raw`set local session_replication_role = replica`);
      await tx.execute(raw.raw(statement));
    });
    await expect(asReplica, statement).rejects.toMatchObject(refused);
  }
  expect(await verify(driveId)).toMatchObject({ entries: 2, broken: undefined });
});

test.skipIf(!capabilities.concurrency)('a role that may append may do nothing else', async () => {
  const { sql, url } = workspace;
  const role = `audit_writer_${process.pid}_${Date.now()}`;
  const driveId = newDrive();
  await sql.unsafe(`create role ${role} login password 'secret';
    grant insert, select on audit_entries to ${role}; grant select, insert on audit_pseudonyms to ${role};
    grant select (id) on users to ${role}`);
  const address = new URL(url);
  address.username = role;
  address.password = 'secret';
  const client = createDb({ url: address.href, max: 1 });
  try {
    expect(await write(client.db, driveId, 2, { actorId: 'ada' })).toBe(2);
    for (const statement of [
      'delete from audit_entries',
      'update audit_entries set after = null, before = null',
      'truncate audit_entries',
      'select 1 from audit_heads',
      'update audit_heads set "prunedPosition" = 1',
      'alter table audit_entries disable trigger all',
    ]) {
      await expect(client.db.execute(raw.raw(statement)), statement).rejects.toMatchObject(refused);
    }
    expect(await verify(driveId)).toMatchObject({ entries: 2, broken: undefined });
  } finally {
    await client.close();
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
  }
});

test('anchors name every chain’s end, and only those that moved since', async () => {
  const { db } = workspace;
  const driveId = newDrive();
  await write(db, driveId, 3);
  const scope = `drive ${driveId}`;
  const anchors = (await listAuditAnchors(db, { limit: 1000 })).items;
  const anchor = anchors.find((each) => each.scope === scope);
  expect(anchor).toEqual((await verify(driveId)).anchor);
  const [head] = await db.execute<{ at: Date }>(
    raw`select "updatedAt" + interval '1 ms' as at from audit_heads where scope = ${scope}`,
  );
  const since = await listAuditAnchors(db, { movedSince: new Date(head?.at ?? 0), limit: 1000 });
  expect(since.items.some((each) => each.scope === scope)).toBe(false);
  await write(db, driveId);
  expect(await verify(driveId, anchors)).toMatchObject({ entries: 4, broken: undefined });
});

describe('what may go', () => {
  test('a person’s name and details go with a record; the chain and older anchors hold', async () => {
    const { db } = workspace;
    const driveId = newDrive();
    const change = { before: { name: 'Ada Canary' }, after: { name: 'Ada' } };
    await write(db, driveId, 2, { actorId: 'ada1', ...change });
    await write(db, driveId, 1, { actorId: 'zoe1', targetUserId: 'ada1' });
    await write(db, driveId, 1, { actorId: 'zoe1', ...change });
    const { anchor } = await verify(driveId);
    expect(await forgetInAuditTrail(db, { userId: 'ada1' })).toEqual({ redacted: 2 });
    expect(await verify(driveId, anchor && [anchor])).toMatchObject({
      entries: 6,
      redacted: 2,
      broken: undefined,
    });
    const { items } = await listActivity(db, { subject: 'driveId', id: driveId });
    expect(items).toHaveLength(4);
    expect(items.filter(({ actorId }) => actorId === 'zoe1')).toHaveLength(2);
    expect(JSON.stringify(items)).not.toContain('ada1');
    expect(items.filter(({ before }) => before?.name === 'Ada Canary')).toHaveLength(1);
    const [{ actorId: pseudonym } = { actorId: null }] = items.filter(
      (item) => item.actorId !== 'zoe1',
    );
    const theirs = await listActivity(db, { subject: 'actorId', id: pseudonym ?? '' });
    expect(theirs.items).toHaveLength(2);
    expect(await forgetInAuditTrail(db, { userId: 'ada1' })).toEqual({ redacted: 0 });
  });

  test('the oldest are pruned, as many as asked for; the rest verifies from there', async () => {
    const { db } = workspace;
    const driveId = newDrive();
    const scope = `drive ${driveId}`;
    await write(db, driveId, 5);
    const { anchor } = await verify(driveId);
    const future = new Date(Date.now() + 60_000);
    expect(await pruneAuditTrail(db, { scope, before: new Date(0) })).toEqual({ deleted: 0 });
    expect(await pruneAuditTrail(db, { scope, before: future, limit: 2 })).toEqual({ deleted: 2 });
    expect(await pruneAuditTrail(db, { scope, before: future, limit: 1 })).toEqual({ deleted: 1 });
    // 4 and 5, and the records of both prunings.
    expect(await verify(driveId, anchor && [anchor])).toMatchObject({
      entries: 4,
      prunedPosition: 3,
      broken: undefined,
    });
    expect(await pruneAuditTrail(db, { scope: 'none', before: future })).toEqual({ deleted: 0 });
  });
});

describe.skipIf(!capabilities.concurrency)('at once', () => {
  test('four writers of one drive: no gap, no fork', async () => {
    const racers = openRacers(workspace, 4);
    await race<Db, string>({
      name: 'appendActivityLogs × 4',
      connections: racers.connections,
      setup: async () => {
        const driveId = newDrive();
        await addUsersById(workspace.db, `${driveId} person 0`, `${driveId} person 1`);
        return driveId;
      },
      calls: Array.from(
        { length: 4 },
        (_, n) => (db: Db, driveId: string) =>
          write(db, driveId, 2, { actorId: `${driveId} person ${n % 2}` }),
      ),
      check: async (driveId) =>
        expect(await verify(driveId)).toMatchObject({ entries: 8, broken: undefined }),
    });
    await racers.close();
  });

  test('of two prunings the later goes on where the earlier ended', async () => {
    const driveId = newDrive();
    const scope = `drive ${driveId}`;
    await write(workspace.db, driveId, 6);
    const before = new Date(Date.now() + 60_000);
    const prune = (db: Db) => pruneAuditTrail(db, { scope, before, limit: 2 });
    const { value: earlier, later } = await whileOpen(workspace, prune, prune);
    expect([earlier, await later[0]?.outcome]).toEqual([{ deleted: 2 }, { deleted: 2 }]);
    expect(await verify(driveId)).toMatchObject({ prunedPosition: 4, broken: undefined });
  });

  test('writing against forgetting and pruning: the chain holds', async () => {
    const racers = openRacers(workspace, 3);
    await race<Db, string>({
      name: 'appendActivityLogs × forgetInAuditTrail × pruneAuditTrail',
      connections: racers.connections,
      setup: async () => {
        const driveId = newDrive();
        await addUsersById(workspace.db, driveId);
        await write(workspace.db, driveId, 4, { actorId: driveId, after: { title: 'x' } });
        return driveId;
      },
      calls: [
        (db, driveId) => write(db, driveId, 2, { actorId: driveId, after: { title: 'x' } }),
        (db, driveId) => forgetInAuditTrail(db, { userId: driveId }),
        (db, driveId) =>
          pruneAuditTrail(db, { scope: `drive ${driveId}`, before: new Date(Date.now() + 60_000) }),
      ],
      check: async (driveId) => expect((await verify(driveId)).broken).toBeUndefined(),
    });
    await racers.close();
  });

  test('a writer that does not commit holds up its own drive alone', async () => {
    const { connections, close } = openRacers(workspace, 2);
    const [slow, fast] = connections;
    if (!slow || !fast) throw new Error('No connections.');
    const [held, free] = [newDrive(), newDrive()];
    await write(workspace.db, held);
    await transaction(slow, async (tx) => {
      await write(tx, held);
      await fast.execute(raw`set lock_timeout = '100ms'`);
      expect(await write(fast, free)).toBe(1);
      await expect(write(fast, held)).rejects.toMatchObject({ sqlstate: '55P03' });
    });
    await close();
  });
});
