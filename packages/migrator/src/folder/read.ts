import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refused, usage } from '../errors.ts';
import { migrationFolders, readFoldersLayout } from './folders-layout.ts';
import { readJournalLayout } from './journal-layout.ts';
import type { MigrationFolder } from './migration-folder.ts';
import { readText } from './text.ts';

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
