import { randomBytes } from 'node:crypto';
import { MigratorError, messageOf, refused } from './errors.ts';
import { openSession, type Session } from './run/session.ts';
import { type Address, addressOf, type Target, withDatabase } from './run/target.ts';

/** A temporary database. */
export interface Scratch {
  readonly address: Address;
  close(): Promise<void>;
}

/** Creates an empty database; called once for each. */
export type ScratchSource = () => Promise<Scratch>;

const PREFIX = 'migrator_scratch_';
const STALE_MS = 3_600_000;

const drop = (session: Session, name: string): Promise<void> =>
  session.run(`drop database if exists "${name}" with (force)`);

/** Drops scratch databases that a killed run left an hour ago or more. */
const dropStale = async (session: Session): Promise<void> => {
  const rows = await session.rows<{ name: string }>(
    `select datname as name from pg_database d where starts_with(datname, $1)
     and not exists (select 1 from pg_stat_activity a where a.datid = d.oid)`,
    [PREFIX],
  );
  for (const { name } of rows) {
    const madeAt = Number.parseInt(name.slice(PREFIX.length).split('_')[0] ?? '', 36);
    if (Date.now() - madeAt > STALE_MS) await drop(session, name).catch(() => {});
  }
};

/**
 * Scratch databases on the server of a target, by a role that may create databases, under random
 * names that hold time and process. They are dropped on close and when the process is interrupted.
 */
export const scratchOnServer =
  (target: Target): ScratchSource =>
  async () => {
    const address = addressOf(target);
    const name = `${PREFIX}${Date.now().toString(36)}_${process.pid}_${randomBytes(5).toString('hex')}`;
    const admin = await openSession(address, 'migrator (scratch)');
    try {
      if (admin.embedded)
        throw refused(
          'connection',
          'PGlite holds only one database: name a server for the scratch databases (--scratch-url)',
        );
      await dropStale(admin);
      await admin.run(`create database "${name}"`);
    } catch (error) {
      await admin.close();
      if (error instanceof MigratorError) throw error;
      throw new MigratorError(
        'connection',
        1,
        `cannot make a scratch database: ${messageOf(error)}. Give a server where this role may (--scratch-url).`,
        error,
      );
    }
    const close = async () => {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      await drop(admin, name).finally(() => admin.close());
    };
    const interrupted = (signal: NodeJS.Signals) => {
      void close().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    return { address: withDatabase(address, name), close };
  };

/** Works in a session on a fresh scratch database, which is dropped afterwards, also on failure. */
export const inScratch = async <T>(
  source: ScratchSource,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const scratch = await source();
  try {
    const session = await openSession(scratch.address, 'migrator (scratch)');
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  } finally {
    await scratch.close();
  }
};
