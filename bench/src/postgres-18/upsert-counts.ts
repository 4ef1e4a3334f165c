import type postgres from 'postgres';
import { timed } from './scratch-database.ts';

export interface UpsertCounts {
  readonly name: string;
  readonly inserted: number;
  readonly updated: number;
  readonly ms: number;
}

const ROUNDS = 5;
const variants = [
  { name: '`xmax = 0`', isNew: 'xmax = 0' },
  { name: '`old.id is null`', isNew: 'old.id is null' },
];

/**
 * Counts what an upsert inserted and what it updated: by the hidden column that a row lock leaves its
 * mark in, as the connectors do, and by the row before, which RETURNING knows since 18.
 */
export async function measureUpsertCounts(
  sql: postgres.Sql,
  rows: number,
): Promise<UpsertCounts[]> {
  const upserted = Math.min(rows, 100_000);
  await sql.unsafe('create table issues (id bigint primary key, title text not null)');
  const results = new Map<string, { inserted: number; updated: number; times: number[] }>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, isNew } of round % 2 === 0 ? variants : variants.toReversed()) {
      await sql.unsafe('truncate issues');
      await sql.unsafe(
        `insert into issues select n * 2, 'before' from generate_series(1, ${upserted / 2}) n`,
      );
      await sql.unsafe('vacuum analyze issues');
      let counted = { inserted: 0, updated: 0 };
      const ms = await timed(async () => {
        const [row] = await sql.unsafe<{ inserted: number; updated: number }[]>(`
          with written as (
            insert into issues select n, 'after' from generate_series(1, ${upserted}) n
            on conflict (id) do update set title = excluded.title
            returning ${isNew} as is_new)
          select count(*) filter (where is_new)::int as inserted,
            count(*) filter (where not is_new)::int as updated from written`);
        counted = row ?? counted;
      });
      const times = results.get(name)?.times ?? [];
      results.set(name, { ...counted, times: [...times, ms] });
    }
  }
  return [...results].map(([name, { times, ...counted }]) => ({
    name,
    ...counted,
    ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN,
  }));
}
