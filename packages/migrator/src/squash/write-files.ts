import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { refused, usage } from '../errors.ts';
import type { Migration } from '../folder/migration.ts';
import { describeUnjournaled, type MigrationFolder } from '../folder/migration-folder.ts';
import { isRecord } from '../review/ast.ts';

const run = promisify(execFile);

/** The paths of the squashed migration. */
export type Place = Pick<Migration, 'name' | 'path' | 'downPath' | 'snapshotPath'>;

/**
 * Throws unless version control holds the former files, which are deleted, or an archive is named.
 *
 * @throws MigratorError `usage` or `unjournaled` (exit 2)
 */
export const checkReplaceable = async (
  folder: MigrationFolder,
  archive: string | undefined,
): Promise<void> => {
  if (folder.unjournaled.length > 0) throw refused('unjournaled', describeUnjournaled(folder));
  if (archive !== undefined) return;
  const changed = await run('git', ['status', '--porcelain', '--', '.'], { cwd: folder.path }).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
  if (changed === undefined)
    throw usage(
      `${folder.path} is in no git repository, so the former files would be lost: say where they go with --archive`,
    );
  if (changed !== '')
    throw usage(
      `${folder.path} has changes that are not committed: commit them, or name an --archive`,
    );
};

/** The place of the new file: number 0 in a journal, the last migration's time among 1.0's folders. */
export const placeOf = (folder: MigrationFolder, last: Migration, name: string): Place => {
  if (!/^[a-z0-9_]+$/.test(name)) throw usage(`"${name}" is no name: write it in snake_case`);
  const journal = folder.layout === 'journal';
  const tag = journal ? `0000_${name}` : `${/^\d{14}/.exec(last.name)?.[0] ?? '0'}_${name}`;
  if (folder.migrations.some((migration) => migration.name === tag))
    throw usage(`there is a migration called ${tag}: give another --name`);
  const at = (leaf: string) => join(folder.path, leaf);
  return journal
    ? {
        name: tag,
        path: at(`${tag}.sql`),
        downPath: at(`${tag}.down.sql`),
        snapshotPath: at('meta/0000_snapshot.json'),
      }
    : {
        name: tag,
        path: at(`${tag}/migration.sql`),
        downPath: at(`${tag}/down.sql`),
        snapshotPath: at(`${tag}/snapshot.json`),
      };
};

const NO_PARENT = '00000000-0000-0000-0000-000000000000';

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * The last snapshot, without its predecessors; it describes the same schema. drizzle-kit 1.0 writes
 * changes, which it combines itself.
 *
 * @returns undefined when the last migration has no snapshot
 * @throws MigratorError `usage` or `folder` when drizzle-kit 1.0 is needed and not installed, or cannot
 *   read the folder
 */
export const lastSnapshot = async (
  folder: MigrationFolder,
  last: Migration,
): Promise<string | undefined> => {
  const text = await readFile(last.snapshotPath, 'utf8').catch(() => undefined);
  const snapshot: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isRecord(snapshot)) return undefined;
  if (snapshot.type === 'diff') {
    const { loadDrizzleKit } = await import('../generate/drizzle-kit.ts');
    const kit = await loadDrizzleKit([folder.path, '.'], { schema: [] });
    const whole = await kit.latest(folder);
    return json({ type: 'base', ...whole, prevIds: [NO_PARENT], footprints: [] });
  }
  return json({
    ...snapshot,
    ...('prevIds' in snapshot ? { prevIds: [NO_PARENT] } : { prevId: NO_PARENT }),
  });
};

const journalOf = async (folder: MigrationFolder, name: string): Promise<string> => {
  const journal: unknown = JSON.parse(
    await readFile(join(folder.path, 'meta/_journal.json'), 'utf8'),
  );
  if (!isRecord(journal) || !Array.isArray(journal.entries)) return json(journal);
  return json({ ...journal, entries: [{ ...journal.entries.at(-1), idx: 0, tag: name }] });
};

/** Moves the former files to the archive, or deletes them. */
const putAway = async (
  folder: MigrationFolder,
  archive: string | undefined,
  keep: ReadonlySet<string>,
): Promise<void> => {
  const paths = folder.migrations.flatMap((migration) =>
    folder.layout === 'folders'
      ? // The down file of a converted history stands beside its folder.
        [dirname(migration.path), migration.downPath]
      : [migration.path, migration.downPath, migration.snapshotPath],
  );
  for (const path of paths) {
    if (keep.has(path)) continue;
    if (archive === undefined) await rm(path, { recursive: true, force: true });
    else
      await rename(path, join(archive, basename(path))).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
  }
};

/**
 * Writes the new files, then the journal, then removes the former files. If it is interrupted, the
 * folder is the old or the new history with extra files, which `migrate` names.
 */
export const replaceFiles = async (
  folder: MigrationFolder,
  place: Place,
  files: {
    readonly sql: string;
    readonly downSql?: string;
    readonly archive?: string;
    readonly snapshot?: string;
  },
): Promise<void> => {
  if (files.archive !== undefined) await mkdir(files.archive, { recursive: true });
  await mkdir(dirname(place.path), { recursive: true });
  await writeFile(place.path, files.sql);
  if (files.downSql !== undefined) await writeFile(place.downPath, files.downSql);
  if (folder.layout === 'journal') {
    const journal = join(folder.path, 'meta/_journal.json');
    const text = await journalOf(folder, place.name);
    await writeFile(`${journal}.new`, text);
    await rename(`${journal}.new`, journal);
  }
  const keep = new Set([place.path, place.downPath]);
  await putAway(folder, files.archive, keep);
  if (files.snapshot !== undefined) await writeFile(place.snapshotPath, files.snapshot);
};
