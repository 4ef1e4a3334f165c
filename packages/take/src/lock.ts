import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { TakeError } from './errors.ts';
import type { Choices } from './plan/plan.ts';

/** A value that was set in a file of the host. */
export interface Edit {
  /** From the host's root. */
  readonly file: string;
  /** The keys of its path; in a TypeScript file, the property's name. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** The former text; undefined if there was none. */
  readonly before?: unknown;
  /** True if the object around the value was created for it, such as `dependencies`. */
  readonly madeParent?: boolean;
}

/**
 * The items that a folder took, the state of this repository they came from, and every file as it
 * arrived.
 */
export interface Lock {
  readonly version: 1;
  readonly source: { readonly version: string; readonly commit: string | null };
  readonly choices: Choices;
  readonly items: readonly string[];
  /** SHA-256 of each file as it arrived, by its path from the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Migrations that arrived, which belong to the host from then on. */
  readonly migrations: readonly string[];
  readonly edits: readonly Edit[];
  /** Files of the host that an edit made, from its root. */
  readonly made?: readonly string[];
}

export const lockName = 'take.lock.json';
const basesName = '.taken';

/** Normalises line ends, because git may check a file out with others. */
export const normal = (text: string): string => text.replaceAll('\r\n', '\n');

export const hashOf = (text: string): string =>
  createHash('sha256').update(normal(text)).digest('hex');

/** @throws TakeError when the lock file does not parse */
export function readLock(folder: string): Lock | undefined {
  const path = join(folder, lockName);
  if (!existsSync(path)) return undefined;
  try {
    const lock: Lock = JSON.parse(readFileSync(path, 'utf8'));
    if (lock.version !== 1) throw new TakeError(`its version is ${lock.version}`);
    return lock;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TakeError(`${path} can't be read (${reason}). Take it from git again.`);
  }
}

/** @throws TakeError when nothing was taken into the folder */
export function requireLock(folder: string): Lock {
  const lock = readLock(folder);
  if (!lock) throw new TakeError(`Nothing was taken into ${folder}: it has no ${lockName}.`);
  return lock;
}

export function writeLock(folder: string, lock: Lock): void {
  writeFileSync(join(folder, lockName), `${JSON.stringify(lock, null, 2)}\n`);
}

const baseFile = (folder: string, hash: string) =>
  join(folder, basesName, `${hash.slice(0, 32)}.gz`);

/**
 * Stores a file as it arrived, because an update needs it to distinguish the host's changes from
 * those made here.
 */
export function keepBase(folder: string, text: string): void {
  mkdirSync(join(folder, basesName), { recursive: true });
  const path = baseFile(folder, hashOf(text));
  if (!existsSync(path)) writeFileSync(path, gzipSync(normal(text), { level: 9 }));
}

/** @throws TakeError when the base is missing */
export function readBase(folder: string, hash: string): string {
  const path = baseFile(folder, hash);
  if (!existsSync(path))
    throw new TakeError(
      `${path} is missing. Restore the folder ${basesName} from git: it belongs in the repository.`,
    );
  return gunzipSync(readFileSync(path)).toString('utf8');
}

/** Deletes the bases that no file of the lock uses. */
export function dropOldBases(folder: string, lock: Lock | undefined): void {
  const used = new Set(Object.values(lock?.files ?? {}).map((hash) => `${hash.slice(0, 32)}.gz`));
  const path = join(folder, basesName);
  if (!existsSync(path)) return;
  for (const name of readdirSync(path)) if (!used.has(name)) rmSync(join(path, name));
  if (used.size === 0) rmSync(path, { recursive: true });
}
