import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, refused, usage } from '../errors.ts';
import { hashOf, type Migration, readDirectives } from './migration.ts';
import { readText, withoutBom } from './text.ts';

/** `journal`: drizzle-kit 0.x, `NNNN_name.sql` and `meta/`. `folders`: 1.0, a folder each. */
export type Layout = 'journal' | 'folders';

export interface MigrationFolder {
  readonly path: string;
  readonly layout: Layout;
  readonly migrations: readonly Migration[];
  /** SQL files that the journal does not name: drizzle would pass over them in silence. */
  readonly unjournaled: readonly string[];
}

interface JournalEntry {
  readonly tag: string;
  readonly when: number;
}

const isJournalEntry = (value: unknown): value is JournalEntry =>
  typeof value === 'object' &&
  value !== null &&
  'tag' in value &&
  typeof value.tag === 'string' &&
  'when' in value &&
  typeof value.when === 'number';

/** The entries of a drizzle-kit journal, in order. Throws a refusal that says what is wrong in it. */
export const parseJournal = (text: string, path: string): JournalEntry[] => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const conflict = /^<{7} /m.test(text)
      ? ' It has merge conflict markers: keep the entries of both branches, then run db:rebase.'
      : '';
    throw refused('folder', `${path} is not JSON: ${messageOf(error)}.${conflict}`);
  }
  const entries =
    typeof parsed === 'object' && parsed !== null && 'entries' in parsed ? parsed.entries : null;
  if (!Array.isArray(entries))
    throw refused('folder', `${path} has no "entries": is this a drizzle-kit folder?`);
  return entries.map((entry: unknown, index) => {
    if (!isJournalEntry(entry))
      throw refused('folder', `${path}: entry ${index} needs a "tag" and a "when"`);
    return entry;
  });
};

const build = async (
  name: string,
  position: number,
  createdAt: number,
  paths: { path: string; downPath: string; snapshotPath: string },
): Promise<Migration> => {
  const [text, downText] = await Promise.all([readText(paths.path), readText(paths.downPath)]);
  if (text === undefined)
    throw refused(
      'missing',
      `${name} is in the journal but ${paths.path} does not exist. Restore the file from version control, or remove the entry if it was never applied anywhere.`,
    );
  const sql = withoutBom(text);
  const down = downText === undefined ? undefined : withoutBom(downText);
  return {
    name,
    position,
    createdAt,
    ...paths,
    sql,
    hash: hashOf(text),
    directives: readDirectives(sql),
    ...(down === undefined ? {} : { down }),
  };
};

const readJournalLayout = async (path: string, journalText: string): Promise<MigrationFolder> => {
  const journalPath = join(path, 'meta', '_journal.json');
  const entries = parseJournal(journalText, journalPath);
  const seen = new Set<string>();
  for (const { tag } of entries) {
    if (seen.has(tag)) throw refused('folder', `${journalPath} names ${tag} twice`);
    seen.add(tag);
  }
  const migrations = await Promise.all(
    entries.map(({ tag, when }, position) =>
      build(tag, position, when, {
        path: join(path, `${tag}.sql`),
        downPath: join(path, `${tag}.down.sql`),
        snapshotPath: join(path, 'meta', `${tag.split('_')[0]}_snapshot.json`),
      }),
    ),
  );
  const unjournaled = (await readdir(path))
    .filter((file) => file.endsWith('.sql') && !file.endsWith('.down.sql'))
    .filter((file) => !seen.has(basename(file, '.sql')))
    .filter((file) => file !== 'schema.sql')
    .sort();
  return { path, layout: 'journal', migrations, unjournaled };
};

/** drizzle 1.0 takes `created_at` from the folder's first 14 digits, as UTC. */
const timestampOf = (folder: string): number | undefined => {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(folder)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

/**
 * A folder per migration, in the order of their names. A name that does not begin with the time of its
 * making (another tool's, or one made by hand) gets its place in time from the folder before it.
 */
const readFoldersLayout = async (path: string, names: string[]): Promise<MigrationFolder> => {
  const migrations: Migration[] = [];
  let before = 0;
  for (const [position, name] of names.sort().entries()) {
    const createdAt = timestampOf(name) ?? before + 1;
    before = createdAt;
    const file = (leaf: string) => join(path, name, leaf);
    migrations.push(
      await build(name, position, createdAt, {
        path: file('migration.sql'),
        downPath: file('down.sql'),
        snapshotPath: file('snapshot.json'),
      }),
    );
  }
  return { path, layout: 'folders', migrations, unjournaled: [] };
};

/**
 * Reads a migrations folder of drizzle-kit, in either of its layouts.
 *
 * @param folder a path or a file: URL
 * @throws MigratorError `folder` or `missing` when the folder contradicts itself
 */
export const readFolder = async (folder: string | URL): Promise<MigrationFolder> => {
  const path = folder instanceof URL || folder.startsWith('file:') ? fileURLToPath(folder) : folder;
  const journal = await readText(join(path, 'meta', '_journal.json'));
  if (journal !== undefined) return readJournalLayout(path, journal);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usage(`no such folder: ${path}`);
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((e) => e.isDirectory() && e.name !== 'meta').map((e) => e.name);
  const loose = entries.filter((e) => e.isFile() && e.name.endsWith('.sql')).map((e) => e.name);
  if (names.length === 0 && loose.length > 0)
    throw refused(
      'folder',
      `${path} holds ${loose[0]} but no meta/_journal.json: it is not a drizzle-kit folder, or the journal was not committed`,
    );
  return readFoldersLayout(path, names);
};
