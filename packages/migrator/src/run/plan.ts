import { convertedName } from '../folder/folders-layout.ts';
import { type Migration, type Replaced, sameContent } from '../folder/migration.ts';
import type { Layout, MigrationFolder } from '../folder/migration-folder.ts';
import { type AppliedRow, type Progress, readApplied, readProgress } from './bookkeeping.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** An applied row and its file. */
export interface AppliedMigration {
  readonly row: AppliedRow;
  readonly migration: Migration;
  /**
   * True if only drizzle has recorded the row, or under the name from before `drizzle-kit up`; it
   * must be adopted.
   */
  readonly adopted: boolean;
}

/** The folder compared with the database's records. */
export interface Plan {
  readonly layout: Layout;
  readonly applied: readonly AppliedMigration[];
  readonly pending: readonly Migration[];
  /** Applied files whose content has changed since. */
  readonly changed: readonly AppliedMigration[];
  /** Applied rows without a file. */
  readonly missing: readonly AppliedRow[];
  /** Applied rows whose content is now in a file of another name. */
  readonly renamed: readonly { readonly row: AppliedRow; readonly migration: Migration }[];
  /** Pending files before an applied one in the journal. */
  readonly late: readonly { readonly migration: Migration; readonly after: Migration }[];
  readonly unjournaled: readonly string[];
  /** Rows that record a file a second time. */
  readonly duplicates: readonly AppliedMigration[];
  /** Squashed files that replace these rows; they are recorded, not run. */
  readonly replaced: readonly Replacement[];
  /** Squashed files for which the database has only some of the former ones. */
  readonly partlyReplaced: readonly (Replacement & { readonly lacking: readonly string[] })[];
  /** Interrupted files, up or down. */
  readonly interrupted: readonly Interrupted[];
}

export interface Interrupted extends Progress {
  /** Undefined when the file is gone. */
  readonly migration?: Migration;
}

/** A squashed file and the rows of the migrations that it replaces. */
export interface Replacement {
  readonly migration: Migration;
  readonly rows: readonly AppliedRow[];
}

/** Also if a checkout changed the line endings of the applied file. */
const isRowOf = ({ hash, source = '' }: AppliedRow, wanted: string): boolean =>
  sameContent({ hash, sql: source }, wanted);

/** Finds, for each squashed file that is not recorded, the rows that it replaces. */
const replacementsOf = (folder: MigrationFolder, rows: readonly AppliedRow[]) => {
  const left = new Set(rows);
  const replaced: Replacement[] = [];
  const partlyReplaced: (Replacement & { lacking: string[] })[] = [];
  for (const migration of folder.migrations) {
    const { replaces } = migration.directives;
    if (replaces.length === 0 || rows.some(({ hash }) => sameContent(migration, hash))) continue;
    const resolve = ({ name, hash }: Replaced): { rows: AppliedRow[]; lacking: string[] } => {
      const row = [...left].find((candidate) => isRowOf(candidate, hash));
      if (row) left.delete(row);
      if (row) return { rows: [row], lacking: [] };
      // In its place, everything that an earlier squash had replaced by it.
      const earlier = replaces.filter(({ as }) => as === name).map(resolve);
      const rows = earlier.flatMap((one) => one.rows);
      return { rows, lacking: rows.length === 0 ? [name] : earlier.flatMap((one) => one.lacking) };
    };
    const resolved = replaces.filter(({ as }) => as === undefined).map(resolve);
    const found = resolved.flatMap((one) => one.rows);
    const lacking = resolved.flatMap((one) => one.lacking);
    if (lacking.length === 0) replaced.push({ migration, rows: found });
    else if (found.length > 0) partlyReplaced.push({ migration, rows: found, lacking });
  }
  return { replaced, partlyReplaced, left: rows.filter((row) => left.has(row)) };
};

/**
 * Compares a folder with the database's records. Name and content decide whether a file is pending,
 * never the newest timestamp.
 */
const planOf = (
  folder: MigrationFolder,
  recorded: readonly AppliedRow[],
  progress: readonly Progress[] = [],
): Plan => {
  const { replaced, partlyReplaced, left: rows } = replacementsOf(folder, recorded);
  const free = new Map(folder.migrations.map((migration) => [migration.name, migration]));
  for (const { migration } of [...replaced, ...partlyReplaced]) free.delete(migration.name);
  const applied: AppliedMigration[] = [];
  const changed: AppliedMigration[] = [];
  const renamed: { row: AppliedRow; migration: Migration }[] = [];
  const missing: AppliedRow[] = [];
  const duplicates: AppliedMigration[] = [];
  const claim = (row: AppliedRow, migration: Migration) => {
    free.delete(migration.name);
    const entry = { row, migration, adopted: row.noted !== migration.name };
    applied.push(entry);
    if (!sameContent(migration, row.hash)) changed.push(entry);
  };

  // A migration recorded as 0003_name may be a folder now.
  const nameOf = (name: string, { createdAt }: AppliedRow): string => {
    const isThere = folder.layout === 'journal' || free.has(name);
    return isThere ? name : convertedName(name, createdAt);
  };
  // A folder's name has seconds; the journal had milliseconds.
  const isTimeOf = (migration: Migration, { createdAt }: AppliedRow): boolean =>
    migration.createdAt === createdAt ||
    (folder.layout === 'folders' && migration.createdAt === createdAt - (createdAt % 1000));
  const unnamed: AppliedRow[] = [];
  const orphaned: AppliedRow[] = [];
  for (const row of rows) {
    const migration = row.name === undefined ? undefined : free.get(nameOf(row.name, row));
    if (migration) claim(row, migration);
    else (row.name === undefined ? unnamed : orphaned).push(row);
  }
  // Rows of drizzle's migrator carry no name: the content identifies them, then the time.
  for (const row of unnamed) {
    const candidates = [...free.values()];
    const same = candidates.filter((migration) => sameContent(migration, row.hash));
    const match =
      same.find((migration) => isTimeOf(migration, row)) ??
      same[0] ??
      candidates.find((migration) => isTimeOf(migration, row));
    const twice = applied.find(
      ({ migration }) => sameContent(migration, row.hash) && isTimeOf(migration, row),
    );
    if (match) claim(row, match);
    else if (twice) duplicates.push({ ...twice, row });
    else missing.push(row);
  }
  for (const row of orphaned) {
    const match = [...free.values()].find((migration) => sameContent(migration, row.hash));
    const twice = applied.find(
      ({ migration }) =>
        migration.name === nameOf(row.name ?? '', row) && sameContent(migration, row.hash),
    );
    if (twice) duplicates.push({ ...twice, row });
    else if (match) {
      free.delete(match.name);
      renamed.push({ row, migration: match });
    } else missing.push(row);
  }

  const pending = [...free.values()].sort((a, b) => a.position - b.position);
  const last = applied.reduce<Migration | undefined>(
    (latest, { migration }) =>
      latest && latest.position > migration.position ? latest : migration,
    undefined,
  );
  const late = last
    ? pending
        .filter((migration) => migration.position < last.position)
        .map((migration) => ({ migration, after: last }))
    : [];
  const byName = new Map(folder.migrations.map((migration) => [migration.name, migration]));
  const interrupted = progress.map((entry) => {
    const migration = byName.get(entry.name);
    return { ...entry, ...(migration ? { migration } : {}) };
  });
  const { layout, unjournaled } = folder;
  return {
    layout,
    applied,
    pending,
    changed,
    missing,
    renamed,
    late,
    unjournaled,
    duplicates,
    replaced,
    partlyReplaced,
    interrupted,
  };
};

/** Reads a database's records and compares them with a folder. */
export const readPlan = async (
  session: Session,
  folder: MigrationFolder,
  tables: Tables,
): Promise<Plan> =>
  planOf(folder, await readApplied(session, tables), await readProgress(session, tables));
