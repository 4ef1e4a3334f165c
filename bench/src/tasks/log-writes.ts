import { createHash } from 'node:crypto';
import { appendLogs, createTasksClient } from '@reference/tasks';
import postgres from 'postgres';
import { deepUserId } from './seed.ts';

/** The cost of appending one line to a log of this length. */
export interface WriteCost {
  readonly entries: number;
  readonly way: 'task_logs' | 'JSONB array';
  /** Median of one append, in microseconds. */
  readonly microseconds: number;
  /** Write-ahead log of one append, in bytes, without full-page images of the first touch. */
  readonly walBytes: number;
  /** Size of the lines as stored, in bytes: rows without their indexes, the array compressed. */
  readonly storedBytes: number;
}

const entriesSizes = [10, 1_000, 100_000] as const;

/** Lines differ, as an agent's do: equal ones would be compressed to nothing in an array. */
const message = (n: number) =>
  `Ran ${createHash('md5').update(`${n}`).digest('hex')}: packages/${n % 37}/src/file-${n}.ts passed in ${n % 977} ms`;
const messageInSql =
  "'Ran ' || md5(n::text) || ': packages/' || n % 37 || '/src/file-' || n || '.ts passed in ' || n % 977 || ' ms'";

/** Appends line after line to logs of three lengths, in a table of lines and in one JSONB array. */
export async function measureLogWrites(url: string): Promise<WriteCost[]> {
  const ours = createTasksClient({ url, max: 1 });
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const costs: WriteCost[] = [];
  try {
    await sql`create table json_tasks (id text primary key, logs jsonb not null)`;
    // Its own WAL and reading would be counted as the appends'.
    await sql`alter system set autovacuum = off`;
    await sql`select pg_reload_conf()`;
    for (const entries of entriesSizes) {
      // Few, so that the log stays as long as it is said to be.
      const appends = entries === 1_000 ? 100 : entries === 10 ? 5 : 20;
      const taskId = `log-writes-${entries}`;
      await fill(sql, taskId, entries);
      costs.push({
        entries,
        way: 'task_logs',
        ...(await costOf(sql, appends, (n) =>
          appendLogs(ours.db, {
            userId: deepUserId,
            taskId,
            lines: [{ message: message(entries + n) }],
          }),
        )),
        storedBytes: await bytes(sql`
          select sum(pg_column_size(l.*))::int as bytes from task_logs l where task_id = ${taskId}`),
      });
      const entry = (n: number) =>
        JSON.stringify([{ type: 'info', message: message(entries + n), timestamp: new Date() }]);
      costs.push({
        entries,
        way: 'JSONB array',
        ...(await costOf(sql, appends, (n) =>
          sql`update json_tasks set logs = logs || ${entry(n)}::text::jsonb where id = ${taskId}`.execute(),
        )),
        storedBytes: await bytes(sql`
          select pg_column_size(logs) as bytes from json_tasks where id = ${taskId}`),
      });
    }
    return costs;
  } finally {
    await sql`drop table if exists json_tasks`;
    await sql`delete from tasks where id like 'log-writes-%'`;
    await Promise.all([ours.close(), sql.end()]);
  }
}

async function fill(sql: postgres.Sql, taskId: string, entries: number): Promise<void> {
  await sql`
    insert into tasks (id, user_id, prompt, log_count) values (${taskId}, ${deepUserId}, 'a', ${entries})`;
  await sql`
    insert into task_logs (id, user_id, task_id, sequence, message)
    select ${taskId} || '-' || n, ${deepUserId}, ${taskId}, n, ${sql.unsafe(messageInSql)} from generate_series(1, ${entries}::int) n`;
  await sql`
    insert into json_tasks (id, logs)
    select ${taskId}, jsonb_agg(jsonb_build_object('type', 'info', 'message', ${sql.unsafe(messageInSql)}, 'timestamp', now()) order by n)
    from generate_series(1, ${entries}::int) n`;
}

async function costOf(sql: postgres.Sql, appends: number, append: (n: number) => Promise<unknown>) {
  await sql`checkpoint`;
  // The first touch of a page after a checkpoint writes all of it; two appends take that along.
  const warmUps = 2;
  for (let n = 1; n <= warmUps; n++) await append(n);
  const before = await position(sql);
  const times: number[] = [];
  for (let n = 1; n <= appends; n++) {
    const started = performance.now();
    await append(warmUps + n);
    times.push((performance.now() - started) * 1000);
  }
  const written = (await position(sql)) - before;
  times.sort((a, b) => a - b);
  return {
    microseconds: times[Math.floor(times.length / 2)] ?? Number.NaN,
    walBytes: Math.round(written / appends),
  };
}

async function position(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ at: string }[]>`
    select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as at`;
  return Number(row?.at);
}

async function bytes(query: postgres.PendingQuery<postgres.Row[]>): Promise<number> {
  const [row] = await query;
  return Number(row?.bytes);
}
