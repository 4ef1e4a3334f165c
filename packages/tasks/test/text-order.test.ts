// Run on a cluster of en_US.utf8 and on one of C.UTF-8: what a user sees is the same on both.
import { ConflictError } from '@reference/kit';
import { capabilities, rehearseCollationRepair } from '@reference/local-postgres';
import { fixCollation, inspectCollation } from '@reference/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTag, getUserTasks, listTags } from '../src/index.ts';
import { addTask, addUser, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const names = ['zebra', 'Zoo', 'äpfel', 'Ärger', 'éclair', 'ångström', 'Apple', 'apple-pie', 'Жук'];

describe('names in any script', () => {
  it('are one tag whatever their case, and are all listed in pages of any size', async () => {
    const userId = await addUser(bench.db);
    for (const name of names) await createTag(bench.db, { userId, name });
    for (const name of names) {
      const again = createTag(bench.db, { userId, name: name.toUpperCase() });
      await expect(again, name).rejects.toThrow(ConflictError);
    }
    const whole = await listTags(bench.db, { userId });
    expect(whole.items.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    for (const limit of [1, 2, 4]) {
      const found: string[] = [];
      let after: string | null | undefined;
      while (after !== null) {
        const page = await listTags(bench.db, { userId, limit, ...(after && { after }) });
        found.push(...page.items.map(({ name }) => name));
        after = page.nextCursor;
      }
      expect(found).toEqual(whole.items.map(({ name }) => name));
    }
  });

  it('are found in a prompt whatever their case', async () => {
    const userId = await addUser(bench.db);
    for (const name of names) {
      const taskId = await addTask(bench.db, userId, `Draw ${name} for me`);
      const { items } = await getUserTasks(bench.db, { userId, text: name.toUpperCase() });
      expect(items.map(({ id }) => id)).toContain(taskId);
    }
  });
});

describe.skipIf(!capabilities.concurrency)('after an upgrade of the system', () => {
  it('every index on text is named, rebuilt, and only then counted as right', async () => {
    const repair = { inspectCollation, fixCollation };
    const { indexes, ...run } = await rehearseCollationRepair(bench.url, repair);
    expect(indexes).toContain('public.tags_user_id_name_key');
    expect(run).toEqual({
      named: indexes,
      changedByReport: { rebuilt: [], recorded: false },
      rebuilt: indexes,
      isRecorded: true,
    });
  });
});
