import type postgres from 'postgres';
import { collectGarbage } from '../garbage.ts';
import { type PullRequest, pullRequests, type Shape } from './pull-requests.ts';
import { type Technique, techniques } from './techniques.ts';

export interface UpsertCost {
  readonly technique: string;
  readonly shape: Shape;
  readonly rows: number;
  /** What the rows meet: an empty table, other versions of themselves, or themselves. */
  readonly into: 'empty' | 'other' | 'same';
  readonly milliseconds: number;
  readonly cpuMicrosecondsPerRow: number;
  readonly walBytes: number;
}

/** Every technique in every round, in turns, on rows of one shape; medians over the rounds. */
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
        const samples = new Map<string, UpsertCost[]>(contestants.map(({ name }) => [name, []]));
        for (let round = 0; round < rounds; round++) {
          for (const technique of contestants) {
            await prepare(raw, list[0], into === 'empty' ? [] : stored);
            const rows = into === 'other' ? changed : stored;
            const sample = { shape, into, ...(await cost(raw, technique, rows)) };
            samples.get(technique.name)?.push(sample);
            say(
              `${shape}, ${count} rows, ${into}, ${technique.name}: ${Math.round(sample.milliseconds)} ms`,
            );
          }
        }
        for (const [technique, values] of samples) costs.push(medians(technique, values));
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

async function cost(raw: postgres.Sql, technique: Technique, rows: readonly PullRequest[]) {
  const [before] = await raw<{ lsn: string }[]>`select pg_current_wal_lsn()::text as lsn`;
  collectGarbage({ type: 'major' });
  const cpu = process.cpuUsage();
  const started = performance.now();
  await technique.upsert(rows);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const [after] = await raw<{ bytes: number }[]>`
    select (pg_current_wal_lsn() - ${before?.lsn ?? ''}::pg_lsn)::float8 as bytes`;
  return {
    technique: technique.name,
    rows: rows.length,
    milliseconds,
    cpuMicrosecondsPerRow: (user + system) / rows.length,
    walBytes: after?.bytes ?? Number.NaN,
  };
}

function medians(technique: string, costs: readonly UpsertCost[]): UpsertCost {
  const [first] = costs;
  const median = (read: (cost: UpsertCost) => number) =>
    costs.map(read).sort((a, b) => a - b)[Math.floor(costs.length / 2)] ?? Number.NaN;
  return {
    technique,
    shape: first?.shape ?? 'whole',
    rows: first?.rows ?? 0,
    into: first?.into ?? 'empty',
    milliseconds: median(({ milliseconds }) => milliseconds),
    cpuMicrosecondsPerRow: median(({ cpuMicrosecondsPerRow }) => cpuMicrosecondsPerRow),
    walBytes: median(({ walBytes }) => walBytes),
  };
}
