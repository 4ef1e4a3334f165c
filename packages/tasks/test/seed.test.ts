import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { getTableName } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteUser, getKey, getOAuthTokens, getUserTasks, taskStatus } from '../src/index.ts';
import { people } from '../src/seed/rows.ts';
import { seedTasks } from '../src/seed/seed.ts';
import { allTables, rowsOf } from './victim.ts';
import { keyring, openWorkbench, testKeysFor, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const everything = () => Promise.all(people.map(({ id }) => rowsOf(bench.db, id)));
/** Rows as text, but for what a fresh nonce changes. */
const withoutCiphertext = (rows: unknown) =>
  JSON.stringify(rows).replaceAll(/eyJ[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]+/g, 'sealed');

describe('seedTasks', () => {
  it('fills every table, and changes nothing the second time', async () => {
    const added = await seedTasks(bench.db, { keyring });
    expect(Object.keys(added).sort()).toEqual(allTables.map(getTableName).sort());
    for (const [table, count] of Object.entries(added)) expect(count, table).toBeGreaterThan(0);

    const before = await everything();
    const again = await seedTasks(bench.db, { keyring });
    expect(Object.values(again).every((count) => count === 0)).toBe(true);
    expect(await everything()).toEqual(before);
  });

  it('makes the same rows in every database', async () => {
    const other = await openWorkbench();
    await seedTasks(other.db, { keyring });
    const theirs = await Promise.all(people.map(({ id }) => rowsOf(other.db, id)));
    expect(withoutCiphertext(theirs)).toBe(withoutCiphertext(await everything()));
    await other.close();
  });

  it('makes rows that the queries understand', async () => {
    const userId = people[0].id;
    const { items } = await getUserTasks(bench.db, { userId, limit: 200 });
    const shown = new Set(items.map(({ status }) => status));
    expect([...shown].sort()).toEqual(
      taskStatus.enumValues.filter((status) => status !== 'processing').sort(),
    );
    expect(await getKey(bench.db, { userId, keyring, provider: 'openai' })).toMatch(/^sk-made-up/);
    for (const provider of ['github', 'vercel'] as const) {
      expect(await getOAuthTokens(bench.db, { userId, keyring, provider })).toMatchObject({
        accessToken: expect.stringMatching(/./),
      });
    }
    const [counts] = await bench.sql`
      select count(*)::int as wrong from tasks t
      where message_count <> (select count(*) from task_messages m where m.task_id = t.id)
        or log_count <> (select count(*) from task_logs l where l.task_id = t.id)`;
    expect(counts).toEqual({ wrong: 0 });
  });

  it('runs from the command line', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('../src/cli/seed.ts', import.meta.url))],
      {
        env: { ...process.env, TASKS_DATABASE_URL: bench.url, ENCRYPTION_KEYS: testKeysFor('k1') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await once(child, 'close');
    expect(output).toBe('Everything is there already.\n');
  });

  it('leaves nothing in any table once its people are deleted', async () => {
    await seedTasks(bench.db, { keyring });
    for (const { id } of people) await deleteUser(bench.db, { userId: id });
    const left = await Promise.all(
      allTables.map(async (table) => [getTableName(table), await bench.db.$count(table)]),
    );
    expect(left).toEqual(allTables.map((table) => [getTableName(table), 0]));
  });
});
