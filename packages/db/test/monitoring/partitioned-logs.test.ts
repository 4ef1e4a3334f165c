// The steps of docs/scaling.md by which a log is partitioned, on a database that is in use.
import { readFile } from 'node:fs/promises';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { appendSystemLogs, listSystemLogs, purgeLogs } from '../../src/queries/monitoring.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const line = (day: string) => ({
  level: 'INFO' as const,
  source: 'api',
  message: `on ${day}`,
  createdAt: new Date(`${day}T12:00:00Z`),
});
const november = { from: new Date('2026-11-01'), to: new Date('2026-12-01') };
const december = { from: new Date('2026-12-01'), to: new Date('2027-01-01') };

describe.skipIf(!capabilities.concurrency)('a log that is partitioned while it is written', () => {
  let workspace: Workspace;
  let steps: Map<string, string>;
  beforeAll(async () => {
    workspace = await openWorkspace();
    const markdown = await readFile(
      new URL('../../../../docs/scaling.md', import.meta.url),
      'utf8',
    );
    const block = /^<!-- run: (\w+) -->\n```sql\n([\s\S]*?)^```/gm;
    steps = new Map([...markdown.matchAll(block)].map(([, name = '', sql = '']) => [name, sql]));
  });
  afterAll(() => workspace.close());

  const step = (name: string) => steps.get(name) ?? `step ${name} is not there`;
  const oneByOne = async (name: string) => {
    for (const statement of step(name)
      .split(/;$/m)
      .filter((text) => text.trim()))
      await workspace.sql.unsafe(statement).simple();
  };
  const days = async (stretch: typeof november) => {
    const { items } = await listSystemLogs(workspace.db, { ...stretch, limit: 200 });
    return items.map(({ message }) => message);
  };

  test('loses no line, refuses none of its time, and gives up its oldest at once', async () => {
    const { db, sql, url } = workspace;
    await appendSystemLogs(db, { lines: [line('2026-11-10'), line('2026-11-20')] });
    const writer = createDb({ url, max: 1 });
    let isWriting = true;
    let written = 0;
    const writing = (async () => {
      while (isWriting)
        written += await appendSystemLogs(writer.db, { lines: [line('2026-11-05')] });
    })();
    try {
      await oneByOne('prepare');
      await sql.begin((tx) => tx.unsafe(step('exchange')).simple());
      await oneByOne('add');
      const soFar = written;
      while (written === soFar) await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      isWriting = false;
      await writing;
      await writer.close();
    }
    await appendSystemLogs(db, { lines: [line('2026-12-24')] });
    const [kept] = await sql<{ lines: number }[]>`select count(*)::int as lines from system_logs`;
    expect(kept?.lines).toBe(written + 3);
    expect((await days(november)).slice(0, 2)).toEqual(['on 2026-11-20', 'on 2026-11-10']);
    await expect(appendSystemLogs(db, { lines: [line('2027-01-05')] })).rejects.toMatchObject({
      sqlstate: '23514',
    });

    // It may leave old lines behind, and takes none that is newer.
    await purgeLogs(db, { log: 'systemLogs', before: november.to });
    expect(await days(december)).toEqual(['on 2026-12-24']);

    await appendSystemLogs(db, { lines: [line('2026-11-30')] });
    await oneByOne('retain');
    expect(await days(november)).toEqual([]);
    expect(await days(december)).toEqual(['on 2026-12-24']);
    const plan = await sql`explain select id from system_logs
      where "createdAt" >= ${december.from.toISOString()} and "createdAt" < ${december.to.toISOString()}`;
    expect(JSON.stringify(plan)).toContain('system_logs_2026_12');
  });
});
