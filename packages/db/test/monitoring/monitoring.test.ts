import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appendActivityLogs } from '../../src/queries/audit.ts';
import { promoteAdmin } from '../../src/queries/auth.ts';
import {
  appendApiMetrics,
  appendErrorLogs,
  appendSystemLogs,
  listActivity,
  listErrorLogs,
  listSystemLogs,
  purgeLogs,
  summarizeApiMetrics,
} from '../../src/queries/monitoring.ts';
import { apiMetrics, errorLogs, systemLogs } from '../../src/schema/index.ts';
import { addUser, addUsersById } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  for (const table of [systemLogs, apiMetrics, errorLogs]) await db.delete(table);
});

const hour = 3_600_000;
const now = Date.now();
const day = { from: new Date(now - 24 * hour), to: new Date(now + hour) };
const ago = (hours: number) => new Date(now - hours * hour);
const invalid = { code: 'INVALID_INPUT' };
const line = (hours: number, level: 'INFO' | 'ERROR' = 'INFO', source = 'api') => ({
  level,
  source,
  message: `${hours} hours ago`,
  createdAt: ago(hours),
});

test('log lines are appended in bulk, and found by time, level and source', async () => {
  const { db } = workspace;
  const lines = [
    line(1),
    line(2, 'ERROR'),
    line(3, 'INFO', 'worker'),
    line(30),
    { ...line(4), context: { requestId: 'r1' } },
  ];
  expect(await appendSystemLogs(db, { lines })).toBe(5);
  const messages = async (filters: object) =>
    (await listSystemLogs(db, { ...day, ...filters })).items.map(({ message }) => message);
  expect(await messages({})).toEqual([1, 2, 3, 4].map((n) => `${n} hours ago`));
  expect(await messages({ levels: ['ERROR', 'FATAL'] })).toEqual(['2 hours ago']);
  expect(await messages({ source: 'worker' })).toEqual(['3 hours ago']);
  const first = await listSystemLogs(db, { ...day, limit: 3 });
  const second = await listSystemLogs(db, { ...day, limit: 3, after: first.nextCursor });
  expect(second.items).toMatchObject([{ message: '4 hours ago', context: { requestId: 'r1' } }]);
});

test('errors and measurements are appended and read back', async () => {
  const { db } = workspace;
  await appendErrorLogs(db, {
    lines: [
      { name: 'TypeError', message: 'x is undefined', stack: 'at y', userId: 'gone' },
      { name: 'RangeError', message: 'too long' },
    ],
  });
  expect((await listErrorLogs(db, { ...day, name: 'TypeError' })).items).toMatchObject([
    { message: 'x is undefined', userId: 'gone' },
  ]);
  const lines = [10, 20, 30, 40].map((durationMs) => ({
    method: 'GET',
    route: '/pages/:id',
    statusCode: durationMs === 40 ? 503 : 200,
    durationMs,
  }));
  await appendApiMetrics(db, {
    lines: [...lines, { method: 'POST', route: '/pages', statusCode: 201, durationMs: 5 }],
  });
  const summary = await summarizeApiMetrics(db, day);
  expect(summary).toHaveLength(2);
  expect(summary[0]).toMatchObject({ route: '/pages/:id', requests: 4, failures: 1, medianMs: 25 });
  expect(summary[0]?.p95Ms).toBeCloseTo(38.5);
});

test('activity is found by drive, page, actor and target; it outlives them', async () => {
  const { db } = workspace;
  const change = { before: { title: 'a' }, after: { title: 'b' } };
  await addUsersById(db, 'u1', 'u2');
  await appendActivityLogs(db, {
    lines: [
      { actorId: 'u1', action: 'page.rename', driveId: 'd1', pageId: 'p1', ...change },
      { actorId: 'u2', action: 'member.remove', driveId: 'd1', targetUserId: 'u1' },
    ],
  });
  const actions = async (subject: 'driveId' | 'pageId' | 'actorId' | 'targetUserId', id: string) =>
    (await listActivity(db, { subject, id })).items.map(({ action }) => action).sort();
  expect(await actions('driveId', 'd1')).toEqual(['member.remove', 'page.rename']);
  expect(await actions('pageId', 'p1')).toEqual(['page.rename']);
  expect(await actions('actorId', 'u1')).toEqual(['page.rename']);
  expect(await actions('targetUserId', 'u1')).toEqual(['member.remove']);
  expect((await listActivity(db, { subject: 'pageId', id: 'p1' })).items).toMatchObject([change]);
  expect(await actions('driveId', 'other')).toEqual([]);
});

test('promoting an administrator is recorded once', async () => {
  const { db } = workspace;
  const id = await addUser(db, 'admin@example.com');
  await promoteAdmin(db, { email: 'admin@example.com' });
  await promoteAdmin(db, { email: 'admin@example.com' });
  expect((await listActivity(db, { subject: 'targetUserId', id })).items).toMatchObject([
    { action: 'user.promote', actorId: null, before: { role: 'USER' }, after: { role: 'ADMIN' } },
  ]);
});

test('one bad line of many appends none', async () => {
  const { db } = workspace;
  for (const bad of [
    { level: 'LOUD' },
    { message: 'a\0b' },
    { context: { text: 'x'.repeat(16_001) } },
    { source: '' },
  ]) {
    // @ts-expect-error: what a caller without types may send
    const failed = appendSystemLogs(db, { lines: [line(1), { ...line(1), ...bad }] });
    await expect(failed).rejects.toMatchObject({
      ...invalid,
      message: expect.stringContaining('1.'),
    });
  }
  expect((await listSystemLogs(db, day)).items).toEqual([]);
  const metric = { method: 'GET', route: '/', statusCode: 99, durationMs: 1 };
  await expect(appendApiMetrics(db, { lines: [metric] })).rejects.toMatchObject(invalid);
  await expect(
    appendActivityLogs(db, { lines: [{ action: 'Renamed a page' }] }),
  ).rejects.toMatchObject(invalid);
});

test('a stretch of time has an end, after its beginning, within 31 days', async () => {
  const { db } = workspace;
  for (const stretch of [
    { from: day.to, to: day.from },
    { from: day.from, to: day.from },
    { from: ago(32 * 24), to: new Date(now) },
    { from: new Date(Number.NaN), to: day.to },
  ]) {
    await expect(listSystemLogs(db, stretch)).rejects.toMatchObject(invalid);
    await expect(summarizeApiMetrics(db, stretch)).rejects.toMatchObject(invalid);
  }
});

describe('retention', () => {
  test('deletes what is old in batches, wherever it lies, and nothing else', async () => {
    const { db } = workspace;
    const old = Array.from({ length: 25 }, () => line(100));
    const young = Array.from({ length: 5 }, () => line(1));
    await appendSystemLogs(db, { lines: [...old, ...young, ...old] });
    const before = ago(50);
    expect(await purgeLogs(db, { log: 'systemLogs', before, batch: 10, maxBatches: 2 })).toEqual({
      deleted: 20,
    });
    expect(await purgeLogs(db, { log: 'systemLogs', before, batch: 7 })).toEqual({ deleted: 30 });
    expect(await purgeLogs(db, { log: 'systemLogs', before })).toEqual({ deleted: 0 });
    expect((await listSystemLogs(db, day)).items).toHaveLength(5);
    // @ts-expect-error: a table that is none of the logs
    await expect(purgeLogs(db, { log: 'users', before })).rejects.toMatchObject(invalid);
    await expect(purgeLogs(db, { log: 'systemLogs', before, batch: 0 })).rejects.toMatchObject(
      invalid,
    );
  });

  test('keeps a line of exactly the given moment', async () => {
    const { db } = workspace;
    await db.delete(systemLogs);
    await appendSystemLogs(db, { lines: [line(100), line(100)] });
    const [first] = await db.select({ at: systemLogs.createdAt }).from(systemLogs);
    const before = first?.at ?? new Date(Number.NaN);
    await db.update(systemLogs).set({ createdAt: before });
    expect(await purgeLogs(db, { log: 'systemLogs', before })).toEqual({ deleted: 0 });
    const after = new Date(before.getTime() + 1);
    expect(await purgeLogs(db, { log: 'systemLogs', before: after })).toEqual({ deleted: 2 });
  });

  test.skipIf(!capabilities.concurrency)(
    'lets appends go on, and touches none of them',
    async () => {
      const { db } = workspace;
      await appendSystemLogs(db, { lines: Array.from({ length: 5000 }, () => line(100)) });
      const appends = Array.from({ length: 20 }, () =>
        appendSystemLogs(db, { lines: Array.from({ length: 10 }, () => line(1)) }),
      );
      const [{ deleted }] = await Promise.all([
        purgeLogs(db, { log: 'systemLogs', before: ago(50), batch: 250 }),
        ...appends,
      ]);
      expect(deleted).toBe(5000);
      expect(await db.$count(systemLogs)).toBe(200);
    },
  );
});
