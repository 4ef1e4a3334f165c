import { InvalidInputError, NotFoundError, transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { and, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appendLogs,
  appendMessage,
  type LogEntry,
  listTaskLogs,
  listTaskMessages,
  requireTaskById,
  taskLogs,
  taskMessages,
} from '../src/index.ts';
import { addTask, addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
let userId: string;
beforeAll(async () => {
  bench = await openWorkbench();
  userId = await addUser(bench.db);
});
afterAll(() => bench.close());

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const linesOf = (messages: readonly string[]) => messages.map((message) => ({ message }));

async function readLog(taskId: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let after: string | null = null;
  do {
    const page = await listTaskLogs(bench.db, { userId, taskId, after, limit: 200 });
    entries.push(...page.items);
    after = page.nextCursor;
  } while (after);
  return entries;
}

describe('appendLogs', () => {
  it('keeps every line as it is, in order, with its type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(
            fc.record({
              type: fc.constantFrom('info', 'command', 'error', 'success'),
              message: fc
                .string({ unit: 'binary', maxLength: 200 })
                .filter((text) => !text.includes('\0')),
            }),
            { minLength: 1, maxLength: 8 },
          ),
          { maxLength: 5 },
        ),
        async (batches) => {
          const taskId = await addTask(bench.db, userId);
          let count = 0;
          for (const lines of batches) {
            const { firstSequence, lastSequence } = await appendLogs(bench.db, {
              userId,
              taskId,
              lines: untyped(lines),
            });
            expect([firstSequence, lastSequence]).toEqual([count + 1, count + lines.length]);
            count = lastSequence;
          }
          const read = await readLog(taskId);
          expect(read.map(({ type, message }) => ({ type, message }))).toEqual(batches.flat());
          expect(read.map(({ sequence }) => sequence)).toEqual(upTo(count));
          const task = await requireTaskById(bench.db, { userId, taskId });
          expect(task.logCount).toBe(count);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('leaves no gap after lines that were rolled back', async () => {
    const taskId = await addTask(bench.db, userId);
    await appendLogs(bench.db, { userId, taskId, lines: linesOf(['a']) });
    const failing = bench.db.transaction(async (tx) => {
      await appendLogs(tx, { userId, taskId, lines: linesOf(['b', 'c']) });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await appendLogs(bench.db, { userId, taskId, lines: linesOf(['d']) });
    const read = await readLog(taskId);
    expect(read.map(({ sequence, message }) => [sequence, message])).toEqual([
      [1, 'a'],
      [2, 'd'],
    ]);
  });

  it.each([
    { lines: [] },
    { lines: linesOf(Array.from({ length: 1001 }, () => 'a')) },
    { lines: [{ message: 'a\0b' }] },
    { lines: [{ message: '\ud800' }] },
    { lines: [{ message: 'a'.repeat(20_001) }] },
    { lines: [{ message: 'a', type: 'warning' }] },
    { lines: [{ message: 'a' }, {}] },
  ])('refuses wrong lines and keeps none', async (wrong) => {
    const taskId = await addTask(bench.db, userId);
    const appending = appendLogs(bench.db, { userId, taskId, ...untyped(wrong) });
    await expect(appending).rejects.toThrow(InvalidInputError);
    expect(await readLog(taskId)).toEqual([]);
  });
});

describe('listTaskLogs', () => {
  it('follows a growing log from any line on', async () => {
    const taskId = await addTask(bench.db, userId);
    await appendLogs(bench.db, { userId, taskId, lines: linesOf(['a', 'b', 'c']) });
    const { items } = await listTaskLogs(bench.db, { userId, taskId, afterSequence: 2 });
    expect(items.map(({ message }) => message)).toEqual(['c']);
    const none = await listTaskLogs(bench.db, { userId, taskId, afterSequence: 3 });
    expect(none.items).toEqual([]);
  });

  it('is in order also when no index gives it so', async () => {
    const taskId = await addTask(bench.db, userId);
    await appendLogs(bench.db, { userId, taskId, lines: linesOf(['a', 'b', 'c']) });
    // Writes a new version of the first row, behind the others.
    await bench.db
      .update(taskLogs)
      .set({ createdAt: new Date() })
      .where(and(eq(taskLogs.taskId, taskId), eq(taskLogs.sequence, 1)));
    const { items } = await transaction(bench.db, async (tx) => {
      // The connection may hold a plan of the statement from before.
      await tx.execute(sql`set local plan_cache_mode = force_custom_plan`);
      await tx.execute(sql`set local enable_indexscan = off`);
      await tx.execute(sql`set local enable_bitmapscan = off`);
      return listTaskLogs(tx, { userId, taskId });
    });
    expect(items.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('tells an empty log from no task', async () => {
    const taskId = await addTask(bench.db, userId);
    expect((await listTaskLogs(bench.db, { userId, taskId })).items).toEqual([]);
    await expect(listTaskLogs(bench.db, { userId, taskId: 'none' })).rejects.toThrow(NotFoundError);
  });
});

describe('appendMessage', () => {
  it('keeps messages in order, also those of one millisecond', async () => {
    const taskId = await addTask(bench.db, userId);
    for (const number of upTo(10)) {
      const role = number % 2 ? 'user' : 'agent';
      await appendMessage(bench.db, { userId, taskId, role, content: `${number}` });
    }
    await bench.db
      .update(taskMessages)
      .set({ createdAt: new Date() })
      .where(eq(taskMessages.taskId, taskId));
    const first = await listTaskMessages(bench.db, { userId, taskId, limit: 6 });
    const rest = await listTaskMessages(bench.db, { userId, taskId, after: first.nextCursor });
    const all = [...first.items, ...rest.items];
    expect(all.map(({ content }) => Number(content))).toEqual(upTo(10));
    expect((await requireTaskById(bench.db, { userId, taskId })).messageCount).toBe(10);
  });

  it('lists messages in order also when no index gives them so', async () => {
    const taskId = await addTask(bench.db, userId);
    for (const content of ['1', '2', '3']) {
      await appendMessage(bench.db, { userId, taskId, role: 'agent', content });
    }
    // Writes a new version of the first row, behind the others.
    await bench.db
      .update(taskMessages)
      .set({ createdAt: new Date() })
      .where(and(eq(taskMessages.taskId, taskId), eq(taskMessages.content, '1')));
    const { items } = await transaction(bench.db, async (tx) => {
      await tx.execute(sql`set local enable_indexscan = off`);
      await tx.execute(sql`set local enable_bitmapscan = off`);
      return listTaskMessages(tx, { userId, taskId });
    });
    expect(items.map(({ content }) => content)).toEqual(['1', '2', '3']);
  });

  it('refuses an empty message', async () => {
    const taskId = await addTask(bench.db, userId);
    const appending = appendMessage(bench.db, { userId, taskId, role: 'user', content: ' ' });
    await expect(appending).rejects.toThrow(InvalidInputError);
  });
});

describe.skipIf(!capabilities.concurrency)('50 writers at once', () => {
  it('make one log without a gap, each batch standing together', async () => {
    const pools = Array.from({ length: 10 }, () => bench.connect({ max: 5 }));
    const taskId = await addTask(bench.db, userId);
    const writers = upTo(50).map((writer) => ({ writer, db: pools[writer % 10]?.db ?? bench.db }));
    const appended = await Promise.all(
      writers.map(({ writer, db }) =>
        appendLogs(db, {
          userId,
          taskId,
          lines: linesOf(upTo(1 + (writer % 4)).map((line) => `${writer}.${line}`)),
        }),
      ),
    );
    const total = Math.max(...appended.map(({ lastSequence }) => lastSequence));
    const read = await readLog(taskId);
    expect(read.map(({ sequence }) => sequence)).toEqual(upTo(total));
    for (const [index, { firstSequence, lastSequence }] of appended.entries()) {
      const batch = read.slice(firstSequence - 1, lastSequence).map(({ message }) => message);
      expect(batch).toEqual(upTo(batch.length).map((line) => `${index + 1}.${line}`));
    }
    const [stored] = await bench.db
      .select({
        count: sql<number>`count(*)::int`,
        distinct: sql<number>`count(distinct sequence)::int`,
      })
      .from(taskLogs)
      .where(eq(taskLogs.taskId, taskId));
    expect(stored).toEqual({ count: total, distinct: total });
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it('give messages one sequence without a gap', async () => {
    const pools = Array.from({ length: 10 }, () => bench.connect({ max: 5 }));
    const taskId = await addTask(bench.db, userId);
    await Promise.all(
      upTo(50).map((writer) =>
        appendMessage(pools[writer % 10]?.db ?? bench.db, {
          userId,
          taskId,
          role: 'user',
          content: `${writer}`,
        }),
      ),
    );
    const { items } = await listTaskMessages(bench.db, { userId, taskId, limit: 200 });
    expect(items.map(({ sequence }) => sequence)).toEqual(upTo(50));
    await Promise.all(pools.map((pool) => pool.close()));
  });
});
