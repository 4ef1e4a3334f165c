import { InvalidInputError } from '@reference/kit';
import { listDeadEvents } from '@reference/kit/dead-events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

test('dead events come latest first, a page at a time, without their payload', async () => {
  const { db, sql } = workspace;
  await sql`insert into dead_events (id, position, key, topic, payload, attempts, "lastError", "createdAt")
    select gen_random_uuid(), n, 'a', 'test', '{"canary": 1}', 3, 'Error', now() - n * interval '1 second'
    from generate_series(5, 1, -1) n`;
  const order = await sql`select id from dead_events order by "createdAt" desc`;
  const first = await listDeadEvents(db, { limit: 3 });
  const second = await listDeadEvents(db, { limit: 3, after: first.nextCursor });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(order.map(({ id }) => id));
  expect(second.nextCursor).toBeNull();
  expect(first.items[0]).toMatchObject({ key: 'a', attempts: 3, lastError: 'Error' });
  expect(JSON.stringify(first)).not.toContain('canary');
  await expect(listDeadEvents(db, { limit: 0 })).rejects.toThrow(InvalidInputError);
});
