import { refused } from '../errors.ts';
import type { ReviewFile } from '../review/review.ts';
import { openSession, type Session } from '../run/session.ts';
import { namesIn, runHistory } from './files.ts';
import { generateRows } from './generated-rows.ts';
import type { Measurement, Trace, TraceOptions } from './traced.ts';
import { type Gathered, ONE_PROCESS, Tracer } from './tracer.ts';

const SIZES = [1_000, 100_000, 1_000_000];

/** Times below this are noise and show no growth. */
const NOISE_MS = 50;

/** The exponent of time's growth with the rows, between the two largest sizes. */
const slopeOf = (measurements: readonly Measurement[]): number | undefined => {
  const [a, b] = measurements.slice(-2);
  if (!a || !b || a.rows < 1 || b.rows <= a.rows || b.ms < NOISE_MS) return undefined;
  return Math.log(b.ms / a.ms) / Math.log(b.rows / a.rows);
};

/**
 * Runs files in scratch databases whose tables hold generated rows, and reports what each statement
 * did: locks, rewrites, rows read, log written, time by size, and blocked readers and writers. It
 * runs every file twice at each size: once alone and rolled back, once for good with a reader and a
 * writer of each of its tables.
 *
 * @throws MigratorError when the history does not run in an empty database
 */
export const trace = async (
  files: readonly ReviewFile[],
  { scratch, history = [], sizes = SIZES, runner = 'drizzle', onProgress }: TraceOptions,
): Promise<Trace> => {
  const gathered = new Map<string, Gathered>();
  const unfilled = new Set<string>();
  const names = namesIn(files);
  for (const [index, rows] of sizes.entries()) {
    onProgress?.(`${rows.toLocaleString('en-US')} rows in each table`);
    const place = await scratch();
    const opened: Session[] = [];
    try {
      const open = async (name: string) => {
        const session = await openSession(place.address, name);
        opened.push(session);
        return session;
      };
      const session = await open('migrator (trace)');
      if (session.embedded)
        throw refused(
          'connection',
          'a trace needs several sessions at once, which PGlite lacks: name a server with --scratch-url',
        );
      const observer = await open('migrator (trace: observer)');
      await runHistory(session, history, runner);
      const filled = await generateRows(session, names, rows);
      for (const { name, rows: held } of filled)
        if (held < rows)
          unfilled.add(
            `${name}: ${held.toLocaleString('en-US')} rows instead of ${rows.toLocaleString('en-US')}`,
          );
      await session.run(ONE_PROCESS);
      const tracer = new Tracer(gathered, session, observer, filled, rows, index === 0);
      try {
        for (const file of files) if (!(await tracer.file(file, runner))) break;
      } finally {
        await tracer.close();
      }
    } finally {
      await Promise.all(opened.map((session) => session.close()));
      await place.close();
    }
  }
  return {
    unfilled: [...unfilled],
    statements: [...gathered.values()].map((entry) => {
      const slope = slopeOf(entry.measurements);
      return {
        ...entry.place,
        locks: entry.locks,
        held: entry.held,
        rewritten: [...entry.rewritten],
        rebuiltIndexes: [...entry.rebuilt],
        newIndexes: [...entry.built],
        measurements: entry.measurements,
        ...(slope === undefined ? {} : { slope }),
        stopped: [...entry.stopped.values()],
        ...(entry.failed === undefined ? {} : { failed: entry.failed }),
        ...(entry.sampled ? { sampled: true as const } : {}),
      };
    }),
  };
};
