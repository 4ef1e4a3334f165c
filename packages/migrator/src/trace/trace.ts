import { MigratorError, messageOf, refused, sqlstateOf } from '../errors.ts';
import type { ReviewFile } from '../review/review.ts';
import { type Runner, runsWithoutTransaction } from '../review/runner.ts';
import { openSession, type Session } from '../run/session.ts';
import { type Step, stepsOf, transactionStatements } from '../run/steps.ts';
import type { ScratchSource } from '../scratch.ts';
import { splitStatements } from '../sql/split.ts';
import { type Beside, isStopped, type Role, workBeside } from './beside.ts';
import { type FilledTable, generateRows } from './generated-rows.ts';
import {
  changesBetween,
  type HeldLock,
  locksHeld,
  type ObservedLock,
  type Snapshot,
  snapshotOf,
  strongest,
  walPosition,
} from './observe.ts';

/** The effects of one statement on tables of one size. */
export interface Measurement {
  /** Rows that each table was filled with. */
  readonly rows: number;
  readonly ms: number;
  readonly walBytes: number;
  /** Rows read of tables that were there before. */
  readonly rowsRead: number;
}

/** A table whose readers or writers a statement stopped. */
export interface Stopped {
  readonly who: Role;
  readonly table: string;
  /** The longest wait of one of them, by the rows in each table. */
  readonly waits: readonly { readonly rows: number; readonly ms: number }[];
}

/** The observations of one statement. */
export interface TracedStatement {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based number of the statement in the file. */
  readonly statement: number;
  readonly text: string;
  readonly inTransaction: boolean;
  /** The strongest lock on each relation that the statement took and that no earlier one held. */
  readonly locks: readonly ObservedLock[];
  /** The strongest lock on each relation that was held when it ended, earlier statements' included. */
  readonly held: readonly ObservedLock[];
  readonly rewritten: readonly string[];
  readonly rebuiltIndexes: readonly string[];
  readonly newIndexes: readonly string[];
  readonly measurements: readonly Measurement[];
  /**
   * The exponent of its time's growth between the two largest sizes: 0 constant, 1 as the rows.
   * Undefined where it takes less than 50 ms.
   */
  readonly slope?: number;
  readonly stopped: readonly Stopped[];
  /** The server's refusal; later statements of the file were not traced. */
  readonly failed?: string;
}

export interface TraceOptions {
  readonly scratch: ScratchSource;
  /** Files that the database has already. */
  readonly history?: readonly ReviewFile[];
  /** Rows in each table, ascending. Default 1,000, 100,000 and 1,000,000. */
  readonly sizes?: readonly number[];
  readonly runner?: Runner;
  readonly onProgress?: (message: string) => void;
}

export interface Trace {
  readonly statements: readonly TracedStatement[];
  /** Tables that could not be filled as asked, with the number of rows that they held. */
  readonly unfilled: readonly string[];
}

const SIZES = [1_000, 100_000, 1_000_000];
const MOST_TABLES_BESIDE = 4;
/** So that times of different sizes compare, and rows are counted once. */
const ONE_PROCESS =
  'set max_parallel_maintenance_workers = 0; set max_parallel_workers_per_gather = 0';

/** The statements of a file, and which of them the server runs alone. */
const stepsOfFile = (file: ReviewFile, runner: Runner): { steps: Step[]; transaction: boolean } => {
  if (runsWithoutTransaction(file.sql, runner))
    return { steps: stepsOf(file.name, file.sql), transaction: false };
  const statements = transactionStatements(file.name, file.sql);
  return { steps: [{ statements, outsideTransaction: false }], transaction: true };
};

const runHistory = async (session: Session, history: readonly ReviewFile[], runner: Runner) => {
  for (const file of history) {
    const { steps } = stepsOfFile(file, runner);
    for (const { statements, outsideTransaction } of steps)
      for (const [index, { text, line }] of statements.entries()) {
        if (!outsideTransaction && index === 0) await session.run('begin');
        await session.run(text).catch((error: unknown) => {
          throw new MigratorError(
            'statement',
            1,
            `${file.name}:${line}: the history before the traced files fails in an empty database: ${messageOf(error)}`,
            error,
          );
        });
        if (!outsideTransaction && index === statements.length - 1) await session.run('commit');
      }
    await session.reset();
  }
};

/** Everything that may be the name of a table. */
const namesIn = (files: readonly ReviewFile[]): Set<string> => {
  const names = new Set<string>();
  for (const { sql } of files) {
    for (const [, name = ''] of sql.matchAll(/"((?:[^"]|"")+)"/g))
      names.add(name.replaceAll('""', '"'));
    for (const [name] of sql.matchAll(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g))
      names.add(name.toLowerCase());
  }
  return names;
};

/** The samples of one statement over all sizes. */
interface Gathered {
  readonly place: Pick<TracedStatement, 'file' | 'line' | 'statement' | 'text' | 'inTransaction'>;
  readonly locks: ObservedLock[];
  readonly held: ObservedLock[];
  readonly rewritten: Set<string>;
  readonly rebuilt: Set<string>;
  readonly built: Set<string>;
  readonly measurements: Measurement[];
  readonly stopped: Map<
    string,
    { who: Role; table: string; waits: { rows: number; ms: number }[] }
  >;
  failed?: string;
}

const addLocks = (into: ObservedLock[], locks: readonly ObservedLock[]): void => {
  for (const lock of locks)
    if (!into.some(({ on, mode }) => on === lock.on && mode === lock.mode)) into.push(lock);
};

class Tracer {
  private readonly gathered = new Map<string, Gathered>();
  private readonly session: Session;
  private readonly observer: Session;
  private readonly filled: readonly FilledTable[];
  /** Those that the file at hand names. */
  private tables: readonly string[] = [];
  private readonly rows: number;
  private readonly pool: Session[] = [];
  /** Whether to try, after each statement, who is stopped: at one size, since trying takes time. */
  private readonly tries: boolean;

  constructor(
    gathered: Map<string, Gathered>,
    session: Session,
    observer: Session,
    filled: readonly FilledTable[],
    rows: number,
    tries: boolean,
  ) {
    this.gathered = gathered;
    this.session = session;
    this.observer = observer;
    this.filled = filled;
    this.rows = rows;
    this.tries = tries;
  }

  private entry(place: Gathered['place']): Gathered {
    const key = `${place.file}:${place.statement}`;
    const known = this.gathered.get(key);
    if (known) return known;
    const fresh: Gathered = {
      place,
      locks: [],
      held: [],
      rewritten: new Set(),
      rebuilt: new Set(),
      built: new Set(),
      measurements: [],
      stopped: new Map(),
    };
    this.gathered.set(key, fresh);
    return fresh;
  }

  private note(entry: Gathered, before: Snapshot, after: Snapshot, old: Snapshot): number {
    const changes = changesBetween(before, after, old);
    for (const name of changes.rewritten) entry.rewritten.add(name);
    for (const name of changes.rebuilt) entry.rebuilt.add(name);
    for (const name of changes.built) entry.built.add(name);
    return changes.rowsRead;
  }

  private stop(entry: Gathered, who: Role, table: string): void {
    const key = `${who} ${table}`;
    if (!entry.stopped.has(key)) entry.stopped.set(key, { who, table, waits: [] });
  }

  private noteWaits(entry: Gathered, beside: Beside, from: number, to: number): void {
    for (const { who, table, waits } of entry.stopped.values())
      waits.push({ rows: this.rows, ms: beside.longest(who, table, from, to) });
  }

  /**
   * Runs the statements of a transaction and rolls it back: locks, files, rows, log and time, without
   * anybody beside.
   *
   * @returns whether all of them ran
   */
  private async quietly(places: readonly Gathered['place'][]): Promise<boolean> {
    const { session, observer } = this;
    const old = await snapshotOf(session, false);
    await session.run('begin');
    let before = await snapshotOf(session, true);
    let held: HeldLock[] = [];
    const stoppedBefore = new Set<string>();
    try {
      for (const place of places) {
        const entry = this.entry(place);
        const wal = await walPosition(observer);
        const started = performance.now();
        try {
          await session.run(place.text);
        } catch (error) {
          entry.failed = `${sqlstateOf(error) ?? ''} ${messageOf(error)}`.trim();
          return false;
        }
        const ms = performance.now() - started;
        const walBytes = (await walPosition(observer)) - wal;
        const now = await locksHeld(observer, session.pid);
        const isNew = ({ oid, mode }: HeldLock) =>
          !held.some((known) => known.oid === oid && known.mode === mode);
        addLocks(entry.locks, strongest(now.filter(isNew), old));
        addLocks(entry.held, strongest(now, old));
        held = now;
        const after = await snapshotOf(session, true);
        const rowsRead = this.note(entry, before, after, old);
        before = after;
        entry.measurements.push({ rows: this.rows, ms, walBytes, rowsRead });
        if (this.tries)
          for (const table of this.tables)
            for (const who of ['reader', 'writer'] as const) {
              const key = `${who} ${table}`;
              if (stoppedBefore.has(key) || !(await isStopped(observer, who, table))) continue;
              stoppedBefore.add(key);
              this.stop(entry, who, table);
            }
      }
      return true;
    } finally {
      await session.run('rollback');
    }
  }

  /** Runs the same for good, with readers and writers beside it. */
  private async besideOthers(places: readonly Gathered['place'][], beside: Beside): Promise<void> {
    const spans: { entry: Gathered; from: number }[] = [];
    await this.session.run('begin');
    for (const place of places) {
      spans.push({ entry: this.entry(place), from: performance.now() });
      await this.session.run(place.text);
    }
    await this.session.run('commit');
    const end = performance.now();
    for (const { entry, from } of spans) this.noteWaits(entry, beside, from, end);
  }

  /** A statement that commits by itself; its locks are observed while it runs. */
  private async outside(place: Gathered['place'], beside: Beside): Promise<boolean> {
    const { session, observer } = this;
    const entry = this.entry(place);
    const before = await snapshotOf(session, false);
    const wal = await walPosition(observer);
    const started = performance.now();
    let running = true;
    const work = session.run(place.text).finally(() => {
      running = false;
    });
    const settled = work.then(
      () => undefined,
      (error: unknown) => error ?? new Error('failed'),
    );
    const seen: HeldLock[] = [];
    while (running) {
      seen.push(...(await locksHeld(observer, session.pid)));
      for (const { pid } of await observer.rows<{ pid: number }>(
        `select distinct pid from pg_locks where not granted and pid = any ($1) and $2 = any (pg_blocking_pids(pid))`,
        [[...beside.pids.keys()], session.pid],
      )) {
        const who = beside.pids.get(pid);
        if (who) this.stop(entry, who.role, who.table);
      }
    }
    const error = await settled;
    const ms = performance.now() - started;
    if (error !== undefined) {
      entry.failed = `${sqlstateOf(error) ?? ''} ${messageOf(error)}`.trim();
      return false;
    }
    const walBytes = (await walPosition(observer)) - wal;
    const after = await snapshotOf(session, false);
    addLocks(entry.locks, strongest(seen, before));
    addLocks(entry.held, strongest(seen, before));
    const rowsRead = this.note(entry, before, after, before);
    entry.measurements.push({ rows: this.rows, ms, walBytes, rowsRead });
    this.noteWaits(entry, beside, started, started + ms);
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.pool.map((session) => session.close()));
  }

  /** @returns whether all of the file ran */
  async file(file: ReviewFile, runner: Runner): Promise<boolean> {
    const names = namesIn([file]);
    this.tables = this.filled
      .filter(({ leaf }) => names.has(leaf))
      .slice(0, MOST_TABLES_BESIDE)
      .map(({ name }) => name);
    const { steps } = stepsOfFile(file, runner);
    const starts = splitStatements(file.sql).map(({ start }) => start);
    for (const { statements, outsideTransaction } of steps) {
      const places = statements.map(({ text, line, start }) => ({
        file: file.name,
        line,
        statement: starts.filter((at) => at <= start).length,
        text,
        inTransaction: !outsideTransaction,
      }));
      if (!outsideTransaction && !(await this.quietly(places))) return false;
      // A rolled back attempt leaves dead rows, which are not to be counted.
      for (const table of this.tables) await this.session.run(`vacuum ${table}`).catch(() => {});
      const beside = await workBeside(this.session.address, this.tables, this.pool);
      try {
        if (outsideTransaction) {
          for (const place of places) if (!(await this.outside(place, beside))) return false;
        } else await this.besideOthers(places, beside);
      } finally {
        await beside.close();
      }
    }
    await this.session.reset();
    await this.session.run(ONE_PROCESS);
    return true;
  }
}

/** Below this the time is the machine's noise, and says nothing of growth. */
const NOISE_MS = 50;

/** The exponent by which time grows with the rows, between the two largest sizes. */
const slopeOf = (measurements: readonly Measurement[]): number | undefined => {
  const [a, b] = measurements.slice(-2);
  if (!a || !b || a.rows < 1 || b.rows <= a.rows || b.ms < NOISE_MS) return undefined;
  return Math.log(b.ms / a.ms) / Math.log(b.rows / a.rows);
};

/**
 * Runs files in scratch databases whose tables hold generated rows, and tells what each statement
 * really did: locks, rewrites, rows read, log written, time by size, and who was stopped beside it.
 * Every file is run twice at each size: once alone and rolled back, once for good with a reader and a
 * writer beside each of its tables.
 *
 * @throws MigratorError where the history cannot be run in an empty database
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
          'a trace needs several sessions at once, which an embedded PGlite has not: name a server with --scratch-url',
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
      };
    }),
  };
};
