import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listAiUsage, recordAiUsage, summarizeAiUsage } from '../../src/queries/ai.ts';
import { createConversation } from '../../src/queries/chat.ts';
import { aiUsageLogs } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let ada: string;
let lin: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  [ada, lin] = [await addUser(workspace.db), await addUser(workspace.db)];
});

const invalid = { code: 'INVALID_INPUT' };
type Usage = Parameters<typeof recordAiUsage>[1]['usage'];
const usage = { provider: 'anthropic', model: 'claude', success: true } as const satisfies Usage;
const record = (userId: string, more: Partial<Usage> = {}) =>
  recordAiUsage(workspace.db, { userId, usage: { ...usage, ...more } });

test('tokens are added up by the database, beyond what an integer holds', async () => {
  const most = 2_147_483_647;
  const logged = await record(ada, {
    inputTokens: most,
    outputTokens: most,
    costMicros: 5_000_000_000,
  });
  expect(logged).toMatchObject({ totalTokens: 2 * most, costMicros: 5_000_000_000 });
  await expect(record(ada, { inputTokens: -1 })).rejects.toMatchObject(invalid);
  await expect(record(ada, { metadata: { long: 'x'.repeat(20_000) } })).rejects.toMatchObject(
    invalid,
  );
  await expect(record('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('names only conversations of its user, and nothing that is gone', async () => {
  const { db } = workspace;
  const open = (userId: string) =>
    createConversation(db, { userId, conversation: { type: 'GLOBAL' } });
  const [mine, theirs] = [await open(ada), await open(lin)];
  expect(await record(ada, { conversationId: mine.id })).toMatchObject({ conversationId: mine.id });
  expect(await record(ada, { conversationId: theirs.id })).toMatchObject({ conversationId: null });
  expect(await record(ada, { pageId: 'gone' })).toMatchObject({ pageId: null });
});

test('is listed for its user alone, latest first', async () => {
  for (const model of ['a', 'b', 'c']) {
    await record(ada, { model });
    // Times have milliseconds.
    await setTimeout(2);
  }
  await record(lin, { model: 'd' });
  const first = await listAiUsage(workspace.db, { userId: ada, limit: 2 });
  const rest = await listAiUsage(workspace.db, { userId: ada, after: first.nextCursor });
  expect([...first.items, ...rest.items].map(({ model }) => model)).toEqual(['c', 'b', 'a']);
});

test('is summed by day and model', async () => {
  const { db } = workspace;
  const at = (day: string) => new Date(`2026-03-${day}T23:30:00Z`);
  const row = (day: string, more: object) => ({
    ...usage,
    userId: ada,
    createdAt: at(day),
    ...more,
  });
  await db
    .insert(aiUsageLogs)
    .values([
      row('01', { inputTokens: 10, outputTokens: 1, costMicros: 100 }),
      row('01', { inputTokens: 20, outputTokens: 2, success: false }),
      row('01', { model: 'opus', inputTokens: 7 }),
      row('02', { inputTokens: 5, outputTokens: 5, costMicros: 50 }),
      row('03', { inputTokens: 1000 }),
      { ...row('01', { inputTokens: 9 }), userId: lin },
    ]);
  const days = { userId: ada, from: new Date('2026-03-01'), to: new Date('2026-03-03') };
  const sums = { provider: 'anthropic', model: 'claude', failures: 0 };
  expect(await summarizeAiUsage(db, days)).toEqual([
    {
      ...sums,
      day: '2026-03-02',
      requests: 1,
      inputTokens: 5,
      outputTokens: 5,
      totalTokens: 10,
      costMicros: 50,
    },
    {
      ...sums,
      day: '2026-03-01',
      requests: 2,
      failures: 1,
      inputTokens: 30,
      outputTokens: 3,
      totalTokens: 33,
      costMicros: 100,
    },
    {
      ...sums,
      day: '2026-03-01',
      model: 'opus',
      requests: 1,
      inputTokens: 7,
      outputTokens: 0,
      totalTokens: 7,
      costMicros: 0,
    },
  ]);
  const backwards = { userId: ada, from: days.to, to: days.from };
  await expect(summarizeAiUsage(db, backwards)).rejects.toMatchObject(invalid);
  const years = { userId: ada, from: new Date('2020-01-01'), to: days.to };
  await expect(summarizeAiUsage(db, years)).rejects.toMatchObject(invalid);
});
