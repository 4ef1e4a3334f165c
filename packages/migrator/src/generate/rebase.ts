import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MigratorError, messageOf, refused } from '../errors.ts';
import { parseJournal } from '../folder/journal-layout.ts';
import { isRecord } from '../review/ast.ts';
import { isJournalSnapshot, type JournalSnapshot } from './snapshots.ts';

const run = promisify(execFile);

export interface RebaseOptions {
  readonly folder: string;
  /** The git revision whose migrations stay as they are. */
  readonly onto?: string;
  /** Only report the migrations that would be moved. */
  readonly dryRun?: boolean;
}

interface Entry {
  readonly tag: string;
  readonly when: number;
  readonly [field: string]: unknown;
}

const git = async (folder: string, ...args: string[]): Promise<string> =>
  (await run('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })).stdout;

const fileAt = (folder: string, revision: string, path: string): Promise<string | undefined> =>
  git(folder, 'show', `${revision}:./${path}`).catch(() => undefined);

const exists = (folder: string, revision: string): Promise<boolean> =>
  git(folder, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`).then(
    () => true,
    () => false,
  );

const usesFolders = async (folder: string): Promise<boolean> => {
  const entries = await readdir(folder, { recursive: true });
  return (
    entries.some((entry) => /^\d{14}[^/]*\/migration\.sql$/.test(entry)) &&
    !entries.includes('meta/_journal.json')
  );
};

const journalAt = async (
  folder: string,
  revision: string,
): Promise<{ whole: Record<string, unknown>; entries: Entry[] }> => {
  const text = await fileAt(folder, revision, 'meta/_journal.json');
  if (text === undefined)
    throw refused('folder', `${revision} has no meta/_journal.json in this folder`);
  const entries = parseJournal(text, `${revision}:meta/_journal.json`);
  const whole: unknown = JSON.parse(text);
  return {
    whole: isRecord(whole) ? whole : {},
    entries: entries.map((entry) => ({ ...entry })),
  };
};

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Three-way merge of two snapshots: applies my changes since the common ancestor to theirs. If both
 * changed one value in two ways, it reports the path.
 */
const mergeSnapshots = (
  base: unknown,
  theirs: unknown,
  mine: unknown,
  path: string,
  conflicts: string[],
): unknown => {
  if (equal(mine, base) || equal(mine, theirs)) return theirs;
  if (equal(theirs, base)) return mine;
  if (isRecord(mine) && isRecord(theirs)) {
    const common = isRecord(base) ? base : {};
    const merged: Record<string, unknown> = {};
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
      const value = mergeSnapshots(
        common[key],
        theirs[key],
        mine[key],
        path ? `${path}.${key}` : key,
        conflicts,
      );
      if (value !== undefined) merged[key] = value;
    }
    return merged;
  }
  conflicts.push(path);
  return mine;
};

const snapshotAt = async (
  folder: string,
  revision: string,
  tag: string,
): Promise<JournalSnapshot | undefined> => {
  const text = await fileAt(folder, revision, `meta/${tag.split('_')[0]}_snapshot.json`);
  const parsed: unknown = text === undefined ? undefined : JSON.parse(text);
  return isJournalSnapshot(parsed) ? parsed : undefined;
};

const write = (path: string, value: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);

/**
 * Moves the migrations of the current branch behind those of another: new numbers, a journal that
 * names both, and snapshots that hold both changes. Run it during a merge, when git has stopped at
 * the journal, or before one, and before a migration is applied anywhere that keeps its name.
 *
 * @returns the new names; empty if there are none to move
 * @throws MigratorError `folder` for the folders of drizzle-kit 1.0, and when both branches made
 *   different changes to one object
 */
export const rebase = async (
  options: RebaseOptions,
): Promise<{ readonly from: string; readonly to: string }[]> => {
  const { folder } = options;
  if (await usesFolders(folder))
    throw refused(
      'folder',
      `${folder} has the layout of drizzle-kit 1.0, whose names begin with the time: two branches take no number twice, so there is nothing to move`,
    );
  let onto = options.onto;
  try {
    onto ??= (await exists(folder, 'MERGE_HEAD')) ? 'MERGE_HEAD' : 'origin/main';
    if (!(await exists(folder, onto))) throw new Error(`there is no revision ${onto}`);
  } catch (error) {
    throw new MigratorError('usage', 3, `rebase: ${messageOf(error)}; name one with --onto`, error);
  }
  const [theirs, head] = [await journalAt(folder, onto), await journalAt(folder, 'HEAD')];
  const known = new Set(theirs.entries.map(({ tag }) => tag));
  const mine = head.entries.filter(({ tag }) => !known.has(tag));
  const own = new Set(head.entries.map(({ tag }) => tag));
  if (mine.length === 0 || theirs.entries.every(({ tag }) => own.has(tag))) return [];
  const shared = head.entries.filter(({ tag }) => known.has(tag)).at(-1);

  const theirLast = theirs.entries.at(-1);
  let base: JournalSnapshot | undefined = shared && (await snapshotAt(folder, 'HEAD', shared.tag));
  let tip: JournalSnapshot | undefined =
    theirLast && (await snapshotAt(folder, onto, theirLast.tag));
  let number = Math.max(-1, ...theirs.entries.map(({ tag }) => Number.parseInt(tag, 10) || 0));
  let when = theirLast?.when ?? 0;
  const conflicts: string[] = [];
  const moved: { from: string; to: string; entry: Entry; snapshot?: unknown }[] = [];
  for (const entry of mine) {
    number += 1;
    when = Math.max(entry.when, when + 1);
    const to = entry.tag.replace(/^\d+/, String(number).padStart(4, '0'));
    const snapshot = await snapshotAt(folder, 'HEAD', entry.tag);
    const ids = { id: '', prevId: '' };
    const merged =
      snapshot && tip
        ? mergeSnapshots(
            { ...base, ...ids },
            { ...tip, ...ids },
            { ...snapshot, ...ids },
            '',
            conflicts,
          )
        : snapshot;
    const next =
      snapshot && isRecord(merged)
        ? { ...merged, id: snapshot.id, prevId: tip?.id ?? snapshot.prevId }
        : undefined;
    moved.push({ from: entry.tag, to, entry: { ...entry, tag: to, idx: 0, when }, snapshot: next });
    base = snapshot ?? base;
    tip = isJournalSnapshot(next) ? next : tip;
  }
  if (conflicts.length > 0)
    throw refused(
      'order',
      `both branches changed ${conflicts.join(', ')}: take their schema, then generate this branch's change again with db:generate`,
    );

  if (options.dryRun) return moved.map(({ from, to }) => ({ from, to }));
  // Reads all of my files before it writes, because their files may have the same names.
  const texts = await Promise.all(
    moved.map(async ({ from }) => ({
      up: await fileAt(folder, 'HEAD', `${from}.sql`),
      down: await fileAt(folder, 'HEAD', `${from}.down.sql`),
    })),
  );
  for (const { from } of moved) {
    await rm(join(folder, `${from}.sql`), { force: true });
    await rm(join(folder, `${from}.down.sql`), { force: true });
    await rm(join(folder, 'meta', `${from.split('_')[0]}_snapshot.json`), { force: true });
  }
  for (const { tag } of theirs.entries) {
    for (const file of [
      `${tag}.sql`,
      `${tag}.down.sql`,
      `meta/${tag.split('_')[0]}_snapshot.json`,
    ]) {
      const text = await fileAt(folder, onto, file);
      if (text !== undefined) await writeFile(join(folder, file), text);
    }
  }
  for (const [index, { to, snapshot }] of moved.entries()) {
    const text = texts[index];
    if (text?.up !== undefined) await writeFile(join(folder, `${to}.sql`), text.up);
    if (text?.down !== undefined) await writeFile(join(folder, `${to}.down.sql`), text.down);
    if (snapshot) await write(join(folder, 'meta', `${to.split('_')[0]}_snapshot.json`), snapshot);
  }
  const entries = [...theirs.entries, ...moved.map(({ entry }) => entry)].map((entry, idx) => ({
    ...entry,
    idx,
  }));
  await write(join(folder, 'meta', '_journal.json'), { ...theirs.whole, entries });
  return moved.map(({ from, to }) => ({ from, to }));
};
