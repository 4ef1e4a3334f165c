import { sqlstateOf } from '../errors.ts';
import { openSession, type Session } from '../run/session.ts';
import type { Address } from '../run/target.ts';

/** A reader or a writer beside the migration. */
export type Role = 'reader' | 'writer';

const PAUSE_MS = 2;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads a row, or takes a write's locks on the table and one row, and changes nothing. */
const workOf = (role: Role, table: string): string =>
  role === 'reader'
    ? `select 1 from ${table} limit 1`
    : `begin; delete from ${table} where false; select 1 from ${table} limit 1 for update; rollback`;

/**
 * Tries whether the present locks block a reader or a writer of a table.
 *
 * @param waitMs how long the attempt waits for its lock
 */
export const isStopped = async (
  session: Session,
  role: Role,
  table: string,
  waitMs = 40,
): Promise<boolean> => {
  await session.run(`set lock_timeout = ${waitMs}`);
  const stopped = await session.run(workOf(role, table)).then(
    () => false,
    (error: unknown) => sqlstateOf(error) === '55P03',
  );
  await session.run('rollback').catch(() => {});
  return stopped;
};

interface Wait {
  readonly role: Role;
  readonly table: string;
  readonly from: number;
  readonly to: number;
}

/** A reader and a writer of each table, which work without a pause and record their waits. */
export interface Beside {
  /** The backend processes, with their role and table. */
  readonly pids: ReadonlyMap<number, { readonly role: Role; readonly table: string }>;
  /** The longest wait, in milliseconds, that overlaps a span of `performance.now()`. */
  longest(role: Role, table: string, from: number, to: number): number;
  close(): Promise<void>;
}

/** @param pool the sessions; missing ones are opened, and the caller closes them */
export const workBeside = async (
  address: Address,
  tables: readonly string[],
  pool: Session[],
): Promise<Beside> => {
  const waits: Wait[] = [];
  /** Operations still running, with their start. */
  const ongoing = new Map<number, Omit<Wait, 'to'>>();
  const pids = new Map<number, { role: Role; table: string }>();
  let over = false;
  const works: Promise<void>[] = [];
  for (const table of tables)
    for (const role of ['reader', 'writer'] as const) {
      const session =
        pool[works.length] ?? (await openSession(address, 'migrator (trace: beside)'));
      pool[works.length] = session;
      pids.set(session.pid, { role, table });
      const work = async () => {
        while (!over) {
          const from = performance.now();
          ongoing.set(session.pid, { role, table, from });
          // The migration may rename or drop the table; then there is nobody to block.
          const failed = await session.run(workOf(role, table)).then(
            () => false,
            () => true,
          );
          ongoing.delete(session.pid);
          waits.push({ role, table, from, to: performance.now() });
          if (failed) {
            await session.run('rollback').catch(() => {});
            await pause(20);
          } else await pause(PAUSE_MS);
        }
      };
      works.push(work());
    }
  return {
    pids,
    longest: (role, table, from, to) =>
      [...waits, ...[...ongoing.values()].map((wait) => ({ ...wait, to }))].reduce(
        (most, wait) =>
          wait.role === role && wait.table === table && wait.from < to && wait.to > from
            ? Math.max(most, wait.to - Math.max(wait.from, from))
            : most,
        0,
      ),
    close: async () => {
      over = true;
      await Promise.allSettled(works);
    },
  };
};
