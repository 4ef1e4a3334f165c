import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { refused } from '../errors.ts';
import { buildMigration } from './build.ts';
import type { Migration } from './migration.ts';
import type { MigrationFolder } from './migration-folder.ts';

/** drizzle 1.0 takes `created_at` from the folder's first 14 digits, as UTC. */
const timestampOf = (folder: string): number | undefined => {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(folder)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

/**
 * The folder into which `drizzle-kit up` moves a migration of a journal: the time of its entry, to the
 * second, and its name without the number.
 *
 * @param when the entry's milliseconds, which drizzle's bookkeeping has as `created_at`
 */
export const convertedName = (tag: string, when: number): string =>
  `${new Date(when).toISOString().replace(/\D/g, '').slice(0, 14)}_${tag.split('_').slice(1).join('_')}`;

/** The subfolders of a migrations folder that are migrations to drizzle-kit 1.0. */
export const migrationFolders = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true });
  const named = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() && entry.name !== 'meta')
      .map(async ({ name }) => {
        const files = await readdir(join(path, name));
        if (files.includes('migration.sql')) return name;
        if (files.includes('snapshot.json') || files.includes('down.sql'))
          throw refused(
            'missing',
            `${join(path, name)} has no migration.sql. Restore the file from version control, or remove the folder if it was never applied anywhere.`,
          );
        return undefined;
      }),
  );
  return named.filter((name) => name !== undefined).sort();
};

/**
 * `drizzle-kit up` moves the files in the journal and leaves `NNNN_name.down.sql` where it is. Each
 * belongs to the folder that ends with its name; if several do, to the one at its number's place.
 */
const downFilesOf = (
  path: string,
  names: readonly string[],
  files: readonly string[],
): Map<string, string> => {
  const found = new Map<string, string>();
  for (const file of files) {
    const [, number = '', name = ''] = /^(\d+)_(.+)\.down\.sql$/.exec(file) ?? [];
    const owners = names.filter((folder) => folder.replace(/^\d+_/, '') === name);
    const place = names[Number(number)];
    const owner = owners.length === 1 ? owners[0] : owners.find((folder) => folder === place);
    if (owner === undefined || found.has(owner))
      throw refused(
        'folder',
        `${join(path, file)} may belong to several migrations: move it to down.sql in the folder of its migration, or delete it`,
      );
    found.set(owner, join(path, file));
  }
  return found;
};

/**
 * Reads the layout of drizzle-kit 1.0: a folder per migration, in the order of their names. A name
 * without a leading timestamp (another tool's, or one made by hand) gets its time from the folder
 * before it.
 */
export const readFoldersLayout = async (path: string): Promise<MigrationFolder> => {
  const names = await migrationFolders(path);
  const loose = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql') && entry.name !== 'schema.sql')
    .map(({ name }) => name)
    .sort();
  const unjournaled = loose.filter((name) => !name.endsWith('.down.sql'));
  if (names.length === 0 && unjournaled.length > 0)
    throw refused(
      'folder',
      `${path} holds ${unjournaled[0]} but no meta/_journal.json: it is not a drizzle-kit folder, or the journal was not committed`,
    );
  const downs = downFilesOf(
    path,
    names,
    loose.filter((name) => name.endsWith('.down.sql')),
  );
  const migrations: Migration[] = [];
  let before = 0;
  for (const [position, name] of names.entries()) {
    const createdAt = timestampOf(name) ?? before + 1;
    before = createdAt;
    const file = (leaf: string) => join(path, name, leaf);
    const own = file('down.sql');
    const isThere = await access(own).then(
      () => true,
      () => false,
    );
    const migration = await buildMigration(name, position, createdAt, {
      path: file('migration.sql'),
      downPath: isThere ? own : (downs.get(name) ?? own),
      snapshotPath: file('snapshot.json'),
    });
    if (migration) migrations.push(migration);
  }
  return { path, layout: 'folders', migrations, unjournaled };
};
