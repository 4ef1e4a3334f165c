import { setTimeout as sleep } from 'node:timers/promises';
import { transaction } from '@reference/kit';
import { appendEvents } from '@reference/kit/outbox';
import { sql } from 'drizzle-orm';
import { createDb } from '../../src/client.ts';
import type { Db } from '../../src/database.ts';
import { keys, relay } from './relay.ts';

const victimName = 'kill-run-victim';

/** The counts of a run. All but the first two are faults, and must be 0. */
export interface KillReport {
  readonly kills: number;
  readonly changes: number;
  readonly lost: number;
  readonly appliedTwice: number;
  readonly madeUp: number;
  readonly outOfOrder: number;
}

/**
 * Two writers, two relays and the inbox behind them work while their backends are killed, each at a
 * random moment of whatever it is doing. Then everything is delivered, and compared with what was
 * changed: a change and its event are one transaction, so each change must be applied exactly once,
 * and those of one key in their order.
 */
export async function killRun(url: string, kills: number): Promise<KillReport> {
  const calm = createDb({ url, max: 2 });
  const victims = Array.from({ length: 4 }, () =>
    createDb({ url, max: 3, applicationName: victimName }),
  );
  await prepare(calm.sql);
  let isOver = false;
  let progress = 0;
  const untilOver = async (work: () => Promise<number>) => {
    while (!isOver) {
      const result = await work().catch(() => sleep(1));
      if (result) progress += 1;
    }
  };
  const [one, two, three, four] = victims.map(({ db }) => db);
  if (!one || !two || !three || !four) throw new Error('Four victims were opened.');
  const working = [
    untilOver(() => change(one)),
    untilOver(() => change(two)),
    untilOver(() => relay(three)),
    untilOver(() => relay(four)),
  ];
  let killed = 0;
  while (killed < kills) {
    // Between two kills something is changed or delivered, else only connecting would be killed.
    for (const before = progress; progress === before; ) await sleep(2);
    await sleep(Math.random() * 15);
    // One that runs a statement, or is between two of a transaction, before an idle one.
    const rows = await calm.sql`
      select pg_terminate_backend(pid) as dies from pg_stat_activity
      where application_name = ${victimName} and datname = current_database()
      order by state <> 'idle' desc, random() limit 1`;
    killed += rows.filter(({ dies }) => dies === true).length;
  }
  isOver = true;
  await Promise.all(working);
  await Promise.all(victims.map(({ close }) => close()));
  await deliverRest(calm);
  const report = await compare(calm.sql, killed);
  await calm.close();
  return report;
}

/** Makes the tables of a run, and empties those that it goes through. */
export async function prepare(sql: ReturnType<typeof createDb>['sql']): Promise<void> {
  await sql.unsafe(`
    create table if not exists kill_changes (key text not null, n int not null, primary key (key, n));
    create table if not exists kill_applied (at bigint generated always as identity, key text not null, n int not null);
    truncate kill_changes, kill_applied, outbox_events, dead_events, inbox_messages`);
}

/** Delivers everything that is left, without waiting for it to be due. */
export async function deliverRest({ db, sql: raw }: ReturnType<typeof createDb>): Promise<void> {
  do
    await raw`update outbox_events set "dueAt" = now() - interval '1 ms' where "deliveredAt" is null`;
  while ((await relay(db)) > 0);
}

/** A change of one key, and the event that tells of it. */
export const change = (db: Db) =>
  transaction(db, async (tx) => {
    const key = `k${Math.floor(Math.random() * keys)}`;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${key}))`);
    const [row] = await tx.execute<{ n: number }>(
      sql`insert into kill_changes select ${key}, coalesce(max(n), 0) + 1 from kill_changes where key = ${key} returning n`,
    );
    await appendEvents(tx, { events: [{ key, topic: 'changed', payload: { n: row?.n ?? 0 } }] });
    return 1;
  });

export async function compare(
  { unsafe }: ReturnType<typeof createDb>['sql'],
  kills: number,
): Promise<KillReport> {
  const [row] = await unsafe(`select
    (select count(*)::int from kill_changes) as changes,
    (select count(*)::int from kill_changes c where not exists (select from kill_applied a where a.key = c.key and a.n = c.n)) as lost,
    (select count(*)::int from (select from kill_applied group by key, n having count(*) > 1) twice) as "appliedTwice",
    (select count(*)::int from kill_applied a where not exists (select from kill_changes c where a.key = c.key and a.n = c.n)) as "madeUp",
    (select count(*)::int from (select n < lag(n) over (partition by key order by at) as back from kill_applied) o where back) as "outOfOrder"`);
  if (!row) throw new Error('A select without from gives one row.');
  const { changes, lost, appliedTwice, madeUp, outOfOrder } = row;
  return { kills, changes, lost, appliedTwice, madeUp, outOfOrder };
}
