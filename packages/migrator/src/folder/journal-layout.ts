import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, refused } from '../errors.ts';
import { buildMigration } from './build.ts';
import type { MigrationFolder } from './migration-folder.ts';

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

/** The entries of a drizzle-kit journal, in order. It throws a refusal with the journal's fault. */
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

/** Reads the layout of drizzle-kit 0.x: `NNNN_name.sql` in the order of `meta/_journal.json`. */
export const readJournalLayout = async (
  path: string,
  journalText: string,
): Promise<MigrationFolder> => {
  const journalPath = join(path, 'meta', '_journal.json');
  const entries = parseJournal(journalText, journalPath);
  const seen = new Set<string>();
  for (const { tag } of entries) {
    if (seen.has(tag)) throw refused('folder', `${journalPath} names ${tag} twice`);
    seen.add(tag);
  }
  const migrations = await Promise.all(
    entries.map(async ({ tag, when }, position) => {
      const sqlPath = join(path, `${tag}.sql`);
      const migration = await buildMigration(tag, position, when, {
        path: sqlPath,
        downPath: join(path, `${tag}.down.sql`),
        snapshotPath: join(path, 'meta', `${tag.split('_')[0]}_snapshot.json`),
      });
      if (migration === undefined)
        throw refused(
          'missing',
          `${tag} is in the journal but ${sqlPath} does not exist. Restore the file from version control, or remove the entry if it was never applied anywhere.`,
        );
      return migration;
    }),
  );
  const unjournaled = (await readdir(path))
    .filter((file) => file.endsWith('.sql') && !file.endsWith('.down.sql'))
    .filter((file) => !seen.has(basename(file, '.sql')))
    .filter((file) => file !== 'schema.sql')
    .sort();
  return { path, layout: 'journal', migrations, unjournaled };
};
