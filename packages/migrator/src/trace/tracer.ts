import { messageOf, sqlstateOf } from '../errors.ts';
import type { ReviewFile } from '../review/review.ts';
import type { Runner } from '../review/runner.ts';
import type { Session } from '../run/session.ts';
import { splitStatements } from '../sql/split.ts';
import { type Beside, isStopped, type Role, workBeside } from './beside.ts';
import { namesIn, stepsOfFile } from './files.ts';
import type { FilledTable } from './generated-rows.ts';
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
import type { Measurement, TracedStatement } from './traced.ts';

const MOST_TABLES_BESIDE = 4;
/** One process, so that times of different sizes compare and rows are counted once. */
export const ONE_PROCESS =
  'set max_parallel_maintenance_workers = 0; set max_parallel_workers_per_gather = 0';

/** The samples of one statement over all sizes. */
export interface Gathered {
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
  sampled?: true;
}

/** Errors of statements that PostgreSQL runs only outside a transaction, or that end it. */
const NEEDS_NO_TRANSACTION = /^(?:25001|2D000) /;

const addLocks = (into: ObservedLock[], locks: readonly ObservedLock[]): void => {
  for (const lock of locks)
    if (!into.some(({ on, mode }) => on === lock.on && mode === lock.mode)) into.push(lock);
};

/** Runs files at one size and gathers what each statement does. */
export class Tracer {
  private readonly gathered = new Map<string, Gathered>();
  private readonly session: Session;
  private readonly observer: Session;
  private readonly filled: readonly FilledTable[];
  /** The tables that the present file names. */
  private tables: readonly string[] = [];
  private readonly rows: number;
  private readonly pool: Session[] = [];
  /**
   * True if it tries, after each statement, who is blocked; at one size only, because that takes
   * time.
   */
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
   * Runs the statements of a transaction alone and rolls it back, for locks, files, rows, log and
   * time.
   *
   * @returns true if all of them ran
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

  /**
   * Runs a statement of a no-transaction file as a transaction of its own, which has the same
   * effect and shows every lock.
   *
   * @returns undefined if PostgreSQL refuses that, else whether it ran
   */
  private async alone(place: Gathered['place'], beside: Beside): Promise<boolean | undefined> {
    if (await this.quietly([place])) {
      await this.besideOthers([place], beside);
      return true;
    }
    const entry = this.entry(place);
    if (!NEEDS_NO_TRANSACTION.test(entry.failed ?? '')) return false;
    delete entry.failed;
    return undefined;
  }

  /** Runs a statement that commits by itself, and samples its locks. */
  private async outside(place: Gathered['place'], beside: Beside): Promise<boolean> {
    const { session, observer } = this;
    const entry = this.entry(place);
    entry.sampled = true;
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

  /** @returns true if all of the file ran */
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
      // A rolled back attempt leaves dead rows, which must not be counted.
      for (const table of this.tables) await this.session.run(`vacuum ${table}`).catch(() => {});
      const beside = await workBeside(this.session.address, this.tables, this.pool);
      try {
        if (outsideTransaction) {
          for (const place of places) {
            const ran = (await this.alone(place, beside)) ?? (await this.outside(place, beside));
            if (!ran) return false;
          }
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
