import type postgres from 'postgres';
import { collectGarbage } from '../garbage.ts';
import { medianOf, shuffled } from '../measure.ts';
import { type PullRequest, pullRequests, type Shape } from './pull-requests.ts';
import { type Technique, techniques } from './techniques.ts';

/** Medians over the turns. */
export interface UpsertCost extends Sample {
  readonly technique: string;
  readonly shape: Shape;
  readonly rows: number;
  /** The table's contents before the upsert: empty, other versions of the rows, or equal rows. */
  readonly into: 'empty' | 'other' | 'same';
  /** The ratio of each turn's time to the first technique's. */
  readonly ratio: number;
}

interface Sample {
  readonly milliseconds: number;
  readonly cpuMicrosecondsPerRow: number;
  readonly walBytes: number;
}

interface Turn extends Sample {
  readonly turn: number;
}

/** Turns in a round: of few rows, which take tenths of a second, and of many. */
const turnsOf = (rows: number) => (rows <= 10_000 ? 5 : 3);
/** A slow technique takes part in the first of so many turns. */
const turnsOfSlow = 5;

/** The techniques in turns, in shuffled order, on rows of one shape. */
export async function measureUpserts(
  url: string,
  raw: postgres.Sql,
  connection: string,
  shape: Shape,
  { rounds, counts }: { readonly rounds: number; readonly counts: readonly number[] },
  say: (progress: string) => void,
): Promise<UpsertCost[]> {
  const { list, close } = techniques(url, raw, connection, shape);
  const costs: UpsertCost[] = [];
  try {
    for (const count of counts) {
      const [stored, changed] = [pullRequests(shape, count, 1), pullRequests(shape, count, 2)];
      for (const into of ['empty', 'other', 'same'] as const) {
        const contestants = list.filter(({ atMost = Number.POSITIVE_INFINITY }) => count <= atMost);
        const samples = new Map<string, Turn[]>(contestants.map(({ name }) => [name, []]));
        const turns = rounds * turnsOf(count);
        for (let turn = 0; turn < turns; turn++) {
          for (const technique of shuffled(contestants)) {
            if (technique.isSlow && turn % turnsOfSlow > 0) continue;
            await prepare(raw, list[0], into === 'empty' ? [] : stored);
            const sample = await cost(raw, technique, into === 'other' ? changed : stored);
            samples.get(technique.name)?.push({ turn, ...sample });
            say(
              `${shape}, ${count} rows, ${into}, ${technique.name}: ${Math.round(sample.milliseconds)} ms`,
            );
          }
        }
        const base = samples.get(list[0]?.name ?? '') ?? [];
        for (const [technique, values] of samples) {
          costs.push({ technique, shape, rows: count, into, ...medians(values, base) });
        }
      }
    }
  } finally {
    await close();
  }
  return costs;
}

/** Client CPU of `JSON.stringify` of rows and nothing else, in microseconds a row: how fast the machine is. */
export function jsonCost(shape: Shape, rounds: number): number {
  const rows = pullRequests(shape, 5_000, 1);
  const costs = Array.from({ length: rounds + 1 }, () => {
    collectGarbage({ type: 'major' });
    const cpu = process.cpuUsage();
    JSON.stringify(rows);
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / rows.length;
  });
  return costs.sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
}

async function prepare(raw: postgres.Sql, filler: Technique | undefined, rows: PullRequest[]) {
  await raw`truncate github_pull_requests`;
  await filler?.upsert(rows);
  await raw`vacuum analyze github_pull_requests`;
  await raw`checkpoint`;
}

async function cost(
  raw: postgres.Sql,
  technique: Technique,
  rows: readonly PullRequest[],
): Promise<Sample> {
  const [before] = await raw<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`;
  collectGarbage({ type: 'major' });
  const cpu = process.cpuUsage();
  const started = performance.now();
  await technique.upsert(rows);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const [after] = await raw<{ bytes: number }[]>`
    select (pg_current_wal_insert_lsn() - ${before?.lsn ?? ''}::pg_lsn)::float8 as bytes`;
  return {
    milliseconds,
    cpuMicrosecondsPerRow: (user + system) / rows.length,
    walBytes: after?.bytes ?? Number.NaN,
  };
}

/** @param base the first technique's, one for each turn */
function medians(taken: readonly Turn[], base: readonly Turn[]): Sample & { ratio: number } {
  const median = (read: (turn: Turn) => number) => medianOf(taken.map(read));
  return {
    milliseconds: median(({ milliseconds }) => milliseconds),
    cpuMicrosecondsPerRow: median(({ cpuMicrosecondsPerRow }) => cpuMicrosecondsPerRow),
    walBytes: median(({ walBytes }) => walBytes),
    ratio: median(
      ({ turn, milliseconds }) => milliseconds / (base[turn]?.milliseconds ?? Number.NaN),
    ),
  };
}
