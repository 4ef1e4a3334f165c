import { InvalidInputError } from '@reference/kit';
import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetInAuditTrail, pruneAuditTrail } from '../../db/src/queries/audit/retention.ts';
import { verifyAuditTrail } from '../../db/src/queries/audit/verify.ts';
import { type Database, sqlstateOf, transaction } from './database.ts';
import { appendAuditEntries, listAuditAnchors, listAuditEntries } from './queries/audit-trail.ts';
import { capabilities, type OpenDatabase, openDatabase, openRacers } from './test-database.ts';

let database: OpenDatabase;
let db: Database;
beforeAll(async () => {
  database = await openDatabase();
  ({ db } = database);
});
afterAll(() => database?.close());

let counter = 0;
const newScope = () => `project ${++counter}`;
const write = (on: Database, scope: string, count = 1, more: object = {}) =>
  appendAuditEntries(on, {
    entries: Array.from({ length: count }, (_, n) => ({
      scope,
      action: 'task.rename',
      subjectId: `task ${n}`,
      ...more,
    })),
  });
const verify = (scope: string, anchors?: Parameters<typeof verifyAuditTrail>[1]['anchors']) =>
  verifyAuditTrail(db, { scope, ...(anchors && { anchors }) });
const stateAfter = (work: Promise<unknown>) => work.then(() => 'no error', sqlstateOf);

test('a chain of 1,200 entries verifies; each scope has its own', async () => {
  const [one, other] = [newScope(), newScope()];
  const details = { before: { b: 1, a: ['ü', null] }, after: { title: '1:x-' } };
  for (const count of [1000, 200]) await write(db, one, count, { actorId: 'ada', ...details });
  await write(db, other);
  const report = await verify(one);
  expect(report).toMatchObject({ entries: 1200, redacted: 0, broken: undefined });
  expect(report.anchor?.position).toBe(1200);
  expect(await verify(other)).toMatchObject({ entries: 1, broken: undefined });
  expect(await verify('nowhere')).toMatchObject({ entries: 0, broken: undefined });
  const anchors = await listAuditAnchors(db);
  expect(anchors.find(({ scope }) => scope === one)).toEqual(report.anchor);
  expect(await listAuditAnchors(db, { after: anchors[0]?.scope, limit: 1 })).toEqual([anchors[1]]);
});

test('a scope is read latest first, with the persons’ own ids', async () => {
  const scope = newScope();
  await write(db, scope, 3, { actorId: 'ada', targetUserId: 'zoe', after: { title: 'a' } });
  const [latest, ...older] = await listAuditEntries(db, { scope });
  expect(latest).toMatchObject({
    position: 3,
    actorId: 'ada',
    targetUserId: 'zoe',
    subjectId: 'task 2',
    before: null,
    after: { title: 'a' },
  });
  expect(await listAuditEntries(db, { scope, before: 3, limit: 2 })).toEqual(older);
  const [row] = await database.sql`select e::text as all from audit_entries e
    where scope = ${scope} and position = 1`;
  expect(String(row?.all)).not.toMatch(/\b(ada|zoe)\b/);
});

test('an act that is rolled back leaves no entry and no gap; wrong input is refused', async () => {
  const scope = newScope();
  await write(db, scope);
  const failed = transaction(db, async (tx) => {
    await write(tx, scope, 3);
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  await write(db, scope);
  expect(await verify(scope)).toMatchObject({ entries: 2, broken: undefined });
  for (const wrong of [
    { action: 'rename' },
    { action: 'audit.prune' },
    { scope: '' },
    { after: { text: 'x'.repeat(17_000) } },
  ])
    await expect(write(db, scope, 1, wrong)).rejects.toThrow(InvalidInputError);
});

test('nobody edits, deletes or empties, the owner of the tables neither', async () => {
  const scope = newScope();
  await write(db, scope, 2, { after: { title: 'a' } });
  for (const statement of [
    `update audit_entries set action = 'task.other'`,
    `update audit_entries set after = '{}'`,
    'delete from audit_entries',
    'truncate audit_entries',
    `update audit_heads set hash = repeat('a', 64)`,
    'update audit_heads set position = position - 1',
    'delete from audit_heads',
    'truncate audit_heads',
  ])
    expect([statement, await stateAfter(db.execute(raw.raw(statement)))]).toEqual([
      statement,
      '42501',
    ]);
  expect(await verify(scope)).toMatchObject({ entries: 2, broken: undefined });
});

test('with the triggers off, every change is found where it is', async () => {
  const scope = newScope();
  await write(db, scope, 8, { actorId: 'ada', after: { n: 1 } });
  const { anchor } = await verify(scope);
  const undone = new Error('undone');
  const brokenAfter = async (...statements: string[]) => {
    let broken: Awaited<ReturnType<typeof verifyAuditTrail>>['broken'];
    const work = db.transaction(async (tx) => {
      for (const table of ['audit_entries', 'audit_heads'])
        await tx.execute(raw.raw(`alter table ${table} disable trigger all`));
      for (const statement of statements) await tx.execute(raw.raw(statement));
      ({ broken } = await verifyAuditTrail(tx, { scope, anchors: anchor ? [anchor] : [] }));
      throw undone;
    });
    await expect(work).rejects.toBe(undone);
    return broken;
  };
  const at = (position: number) => `scope = '${scope}' and position = ${position}`;
  expect(await brokenAfter()).toBeUndefined();
  const edits = {
    ...Object.fromEntries(
      ['id', 'actorId', 'action', 'subjectId', 'targetUserId', 'salt'].map((column) => [
        column,
        `coalesce("${column}", '') || 'x'`,
      ]),
    ),
    ...Object.fromEntries(
      ['recordedAt', 'createdAt', 'updatedAt'].map((column) => [
        column,
        `"${column}" + interval '1 ms'`,
      ]),
    ),
    ...Object.fromEntries(
      ['detailsHash', 'previousHash', 'hash'].map((column) => [column, `repeat('a', 64)`]),
    ),
    redactedAt: 'now()',
    before: `'{"x": 1}'`,
    after: `'{"x": 1}'`,
  };
  for (const [column, value] of Object.entries(edits))
    for (const n of [1, 4, 8]) {
      const broken = await brokenAfter(
        `update audit_entries set "${column}" = ${value} where ${at(n)}`,
      );
      expect([column, broken?.position]).toEqual([column, n]);
    }
  for (const n of [1, 4, 8])
    expect(await brokenAfter(`delete from audit_entries where ${at(n)}`)).toEqual({
      position: n,
      problem: 'missing',
    });
  // Two that changed places, one that was put between, and the end cut off with the head moved back.
  expect(
    await brokenAfter(
      `update audit_entries set position = -position where scope = '${scope}' and position in (3, 6)`,
      `update audit_entries set position = 9 + position where scope = '${scope}' and position < 0`,
    ),
  ).toMatchObject({ position: 3 });
  const columns =
    'id, action, "detailsHash", "recordedAt", "previousHash", hash, "createdAt", "updatedAt", salt';
  expect(
    await brokenAfter(
      `update audit_entries set position = -position where scope = '${scope}' and position >= 5`,
      `update audit_entries set position = -position + 1 where scope = '${scope}' and position < 0`,
      `update audit_heads set position = position + 1 where scope = '${scope}'`,
      `insert into audit_entries (scope, position, ${columns}) select scope, 5, ${columns} from audit_entries where ${at(6)}`,
    ),
  ).toMatchObject({ position: 5 });
  expect(
    await brokenAfter(
      `delete from audit_entries where scope = '${scope}' and position > 5`,
      `update audit_heads set position = 5, hash = (select hash from audit_entries where ${at(5)}) where scope = '${scope}'`,
    ),
  ).toEqual({ position: 6, problem: 'missing' });
});

test('a person’s name and details go with a record; the chain and older anchors hold', async () => {
  const scope = newScope();
  const change = { before: { name: 'Eve Canary' }, after: { name: 'Eve' } };
  await write(db, scope, 2, { actorId: 'eve', ...change });
  await write(db, scope, 1, { actorId: 'zoe', ...change });
  const { anchor } = await verify(scope);
  expect(await forgetInAuditTrail(db, { userId: 'eve' })).toEqual({ redacted: 2 });
  expect(await verify(scope, anchor && [anchor])).toMatchObject({
    entries: 5,
    redacted: 2,
    broken: undefined,
  });
  const left = await listAuditEntries(db, { scope });
  expect(left.map(({ position }) => position)).toEqual([3, 2, 1]);
  expect(left.map(({ before }) => before?.name)).toEqual(['Eve Canary', undefined, undefined]);
  expect(JSON.stringify(left)).not.toContain('"eve"');
});

test('the oldest are pruned, as many as asked for; the rest verifies from there', async () => {
  const scope = newScope();
  await write(db, scope, 5);
  const { anchor } = await verify(scope);
  const before = new Date(Date.now() + 60_000);
  expect(await pruneAuditTrail(db, { scope, before: new Date(0) })).toEqual({ deleted: 0 });
  expect(await pruneAuditTrail(db, { scope, before, limit: 2 })).toEqual({ deleted: 2 });
  expect(await pruneAuditTrail(db, { scope, before, limit: 1 })).toEqual({ deleted: 1 });
  // 4 and 5, and the records of both prunings.
  expect(await verify(scope, anchor && [anchor])).toMatchObject({
    entries: 4,
    prunedPosition: 3,
    broken: undefined,
  });
});

test.skipIf(!capabilities.concurrency)('four writers of one scope: no gap, no fork', async () => {
  const racers = openRacers(database, 4);
  for (let round = 0; round < 10; round++) {
    const scope = newScope();
    await Promise.all(
      racers.connections.map((on, n) => write(on, scope, 2, { actorId: `${scope} ${n % 2}` })),
    );
    expect(await verify(scope)).toMatchObject({ entries: 8, broken: undefined });
  }
  await racers.close();
});

test.skipIf(!capabilities.concurrency)(
  'a writer that does not commit holds up its own scope alone',
  async () => {
    const racers = openRacers(database, 2);
    const [slow, fast] = racers.connections;
    if (!slow || !fast) throw new Error('No connections.');
    const [held, free] = [newScope(), newScope()];
    await write(db, held);
    await transaction(slow, async (tx) => {
      await write(tx, held);
      await fast.execute(raw`set lock_timeout = '100ms'`);
      expect(await write(fast, free)).toBe(1);
      expect(await stateAfter(write(fast, held))).toBe('55P03');
    });
    await racers.close();
  },
);
