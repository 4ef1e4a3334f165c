import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, refused, usage } from '../errors.ts';
import { parseJournal } from '../folder/journal-layout.ts';
import type { Migration } from '../folder/migration.ts';
import { isRecord } from '../review/ast.ts';
import type {
  Answers,
  Difference,
  DrizzleKit,
  NewMigration,
  Snapshot,
  WrittenMigration,
} from './kit-contract.ts';
import { refuseSwapped } from './renames.ts';
import { requireLayout } from './require-layout.ts';
import type { ProjectConfig } from './schema.ts';
import {
  applyRenames,
  emptySnapshot,
  isJournalSnapshot,
  type JournalSnapshot,
  latestSnapshot,
  swappedValues,
  withoutDropped,
} from './snapshots.ts';

type Call = (...args: unknown[]) => unknown;

const journalSnapshot = (value: unknown): JournalSnapshot => {
  if (isJournalSnapshot(value)) return value;
  throw usage('drizzle-kit gave no snapshot: its version may be unsupported');
};

const nextNumber = (migrations: readonly Migration[]): string => {
  const highest = Math.max(-1, ...migrations.map(({ name }) => Number.parseInt(name, 10) || 0));
  return String(highest + 1).padStart(4, '0');
};

const writeJournal = async (folder: string, tag: string, when: number): Promise<void> => {
  const path = join(folder, 'meta', '_journal.json');
  const text = await readFile(path, 'utf8').catch(
    () => '{"version":"7","dialect":"postgresql","entries":[]}',
  );
  const entries = parseJournal(text, path);
  const journal: unknown = JSON.parse(text);
  const next = { idx: entries.length, version: '7', when, tag, breakpoints: true };
  const all = isRecord(journal) && Array.isArray(journal.entries) ? journal.entries : [];
  await writeFile(
    path,
    `${JSON.stringify({ ...(isRecord(journal) ? journal : {}), entries: [...all, next] }, undefined, 2)}\n`,
  );
};

/** Writes the SQL, the snapshot and the journal entry. */
const write = async ({
  folder: { path: folder, migrations },
  name,
  previous,
  current,
  sql = '',
  custom,
}: NewMigration): Promise<WrittenMigration> => {
  const number = nextNumber(migrations);
  const tag = `${number}_${name}`;
  const path = join(folder, `${tag}.sql`);
  await mkdir(join(folder, 'meta'), { recursive: true });
  await writeFile(path, sql);
  await writeFile(
    join(folder, 'meta', `${number}_snapshot.json`),
    `${JSON.stringify(custom ? { ...previous, id: randomUUID(), prevId: previous.id } : current, undefined, 2)}\n`,
  );
  const newest = Math.max(0, ...migrations.map(({ createdAt }) => createdAt));
  await writeJournal(folder, tag, Math.max(Date.now(), newest + 1));
  return { name: tag, path, downPath: join(folder, `${tag}.down.sql`) };
};

/** drizzle-kit 0.x: whole snapshots in `meta/`, whose API asks about renames on a terminal. */
export const journalKit = (
  api: Record<'generateDrizzleJson' | 'generateMigration', Call>,
  version: string,
  config: ProjectConfig,
): DrizzleKit => {
  const between = async (from: Snapshot, to: Snapshot): Promise<string[]> => {
    const statements: unknown = await api.generateMigration(from, to);
    return Array.isArray(statements) ? statements.map(String) : [];
  };

  /**
   * drizzle-kit asks on a terminal whether a new column is a renamed one; elsewhere that is an
   * error.
   */
  const difference = async (
    from: Snapshot,
    to: Snapshot,
    { renames = [], noRenames = false }: Answers,
  ): Promise<Difference> => {
    const target = journalSnapshot(to);
    const { snapshot, statements } = applyRenames(journalSnapshot(from), renames);
    if (!noRenames) refuseSwapped(swappedValues(snapshot, target));
    const whole = (rest: readonly string[]): Difference => ({
      statements: [...statements, ...rest],
      hints: [],
      isOwn: true,
    });
    try {
      if (!noRenames) return whole(await between(snapshot, target));
      const common = withoutDropped(snapshot, target);
      return whole([...(await between(snapshot, common)), ...(await between(common, target))]);
    } catch (error) {
      if (process.stdin.isTTY && !/tty|prompt/i.test(messageOf(error))) throw error;
      throw refused(
        'usage',
        `an object is gone and one of its kind is new, which may be a rename (${messageOf(error)}). Say which with --rename table.old=new (or --rename old_table=new_table), or --no-renames when nothing was renamed.`,
      );
    }
  };

  return {
    version,
    layout: 'journal',
    empty: emptySnapshot,
    latest: async (folder) => {
      requireLayout(folder, { layout: 'journal', version });
      return latestSnapshot(folder);
    },
    snapshotOf: async (modules, { id }) =>
      journalSnapshot(api.generateDrizzleJson(modules, id, config.schemaFilter, config.casing)),
    asNamedBy: (_history, current) => current,
    difference,
    write,
  };
};
