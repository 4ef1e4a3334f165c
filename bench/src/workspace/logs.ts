import { appendSystemLogs, createDb, purgeLogs } from '@pagespace/db';

/** How appending went for a while. */
export interface AppendFigures {
  readonly what: string;
  readonly linesPerCall: number;
  readonly linesPerSecond: number;
  /** Times of one call, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
}

export interface LogFigures {
  readonly appends: readonly AppendFigures[];
  /** Old lines that retention deleted while the last of the appends ran, and how long it took. */
  readonly deleted: number;
  readonly seconds: number;
}

const line = { level: 'INFO', source: 'bench', message: 'A request was answered' } as const;

/** Appends over one connection, alone in batches of three sizes, and while retention deletes. */
export async function measureLogs(url: string, seconds: number): Promise<LogFigures> {
  const appender = createDb({ url, max: 1 });
  const keeper = createDb({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  const append = (linesPerCall: number) =>
    appendSystemLogs(appender.db, { lines: Array.from({ length: linesPerCall }, () => line) });
  try {
    const appends: AppendFigures[] = [];
    for (const linesPerCall of [1, 100, 1000]) {
      const until = performance.now() + seconds * 1000;
      const times = await appendWhile(
        () => append(linesPerCall),
        () => performance.now() < until,
      );
      appends.push(figures(`alone`, linesPerCall, times));
    }
    let purging = true;
    const started = performance.now();
    const purge = purgeLogs(keeper.db, { log: 'systemLogs', before: new Date('2026-06-01') });
    const ended = purge.finally(() => {
      purging = false;
    });
    const times = await appendWhile(
      () => append(100),
      () => purging,
    );
    const { deleted } = await ended;
    appends.push(figures('while retention deletes', 100, times));
    return { appends, deleted, seconds: (performance.now() - started) / 1000 };
  } finally {
    await Promise.all([appender.close(), keeper.close()]);
  }
}

async function appendWhile(append: () => Promise<unknown>, more: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (more()) {
    const started = performance.now();
    await append();
    times.push(performance.now() - started);
  }
  return times;
}

function figures(what: string, linesPerCall: number, times: readonly number[]): AppendFigures {
  const sorted = times.toSorted((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return {
    what,
    linesPerCall,
    linesPerSecond: (times.length * linesPerCall * 1000) / total,
    p50: at(0.5),
    p99: at(0.99),
    slowest: sorted.at(-1) ?? Number.NaN,
  };
}
