import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refused, usage } from '../errors.ts';
import { migrationFolders, readFoldersLayout } from './folders-layout.ts';
import { readJournalLayout } from './journal-layout.ts';
import type { Migration } from './migration.ts';
import { readText } from './text.ts';

/** `journal`: drizzle-kit 0.x, `NNNN_name.sql` and `meta/`. `folders`: 1.0, a folder each. */
export type Layout = 'journal' | 'folders';

export interface MigrationFolder {
  readonly path: string;
  readonly layout: Layout;
  readonly migrations: readonly Migration[];
  /** SQL files that are no migration to drizzle-kit: drizzle would pass over them in silence. */
  readonly unjournaled: readonly string[];
}

/** A sentence's end on SQL files that drizzle passes over, and what to do about them. */
export const describeUnjournaled = ({
  layout,
  unjournaled,
}: Pick<MigrationFolder, 'layout' | 'unjournaled'>): string =>
  layout === 'journal'
    ? `the journal does not name ${unjournaled.join(', ')}, so drizzle would never run it. Add an entry to meta/_journal.json (drizzle-kit generate --custom makes one), or move the file out of the folder.`
    : `${unjournaled.join(', ')} stands in no migration's folder, so drizzle would never run it. Make a migration of it (drizzle-kit generate --custom), or move the file out of the folder.`;

/**
 * Reads a migrations folder of drizzle-kit, in either of its layouts, also after `drizzle-kit up` has
 * converted one into the other.
 *
 * @param folder a path or a file: URL
 * @throws MigratorError `folder` or `missing` when the folder contradicts itself
 */
export const readFolder = async (folder: string | URL): Promise<MigrationFolder> => {
  const path = folder instanceof URL || folder.startsWith('file:') ? fileURLToPath(folder) : folder;
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usage(`no such folder: ${path}`);
  const journal = await readText(join(path, 'meta', '_journal.json'));
  if (journal === undefined) return readFoldersLayout(path);
  const [converted] = await migrationFolders(path);
  if (converted !== undefined)
    throw refused(
      'folder',
      `${path} holds a journal and the folder ${converted}: "drizzle-kit up" was interrupted, or a merge has brought back what it converted. Remove the entries that have a folder from meta/_journal.json, or all of meta when none is left, then run "drizzle-kit up" again.`,
    );
  return readJournalLayout(path, journal);
};
