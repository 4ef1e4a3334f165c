import { openStatementCounter } from '@reference/audit/testing';
import { capabilities } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { createTasksClient } from '../src/client.ts';
import { appendLogs } from '../src/queries/task-logs.ts';
import { addTask, addUser, openWorkbench } from './workbench.ts';

test.skipIf(!capabilities.concurrency)(
  'fifty log lines are appended by as many statements as one',
  async () => {
    const bench = await openWorkbench();
    const userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const counter = await openStatementCounter(bench.url);
    const { db, close } = createTasksClient({ url: counter.url, max: 1 });
    const appending = (lines: number) =>
      counter.during(() =>
        appendLogs(db, {
          userId,
          taskId,
          lines: Array.from({ length: lines }, (_, n) => ({ message: `line ${n}` })),
        }),
      );
    expect(await appending(1)).toHaveLength(1);
    expect(await appending(50)).toHaveLength(1);
    await close();
    await counter.close();
    await bench.close();
  },
);
