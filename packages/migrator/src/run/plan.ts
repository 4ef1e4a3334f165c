import { type Migration, sameContent } from '../folder/migration.ts';
import type { MigrationFolder } from '../folder/read.ts';
import { type AppliedRow, type Progress, readApplied, readProgress } from './bookkeeping.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

/** An applied row and the file it came from. */
export interface AppliedMigration {
  readonly row: AppliedRow;
  readonly migration: Migration;
  /** The row is drizzle's alone so far: name and content are not yet noted. */
  readonly adopted: boolean;
}

/** What the folder and the database say about each other. */
export interface Plan {
  readonly applied: readonly AppliedMigration[];
  readonly pending: readonly Migration[];
  /** Applied files whose content is no longer what ran. */
  readonly changed: readonly AppliedMigration[];
  /** Applied rows without a file. */
  readonly missing: readonly AppliedRow[];
  /** Applied rows whose content now stands under another name. */
  readonly renamed: readonly { readonly row: AppliedRow; readonly migration: Migration }[];
  /** Pending files that stand before an applied one in the journal. */
  readonly late: readonly { readonly migration: Migration; readonly after: Migration }[];
  readonly unjournaled: readonly string[];
  /** Rows that record a file a second time. */
  readonly duplicates: readonly AppliedMigration[];
  /** Files that were begun, up or down, and not finished. */
  readonly interrupted: readonly Interrupted[];
}

export interface Interrupted extends Progress {
  /** Undefined when the file is gone. */
  readonly migration?: Migration;
}

/**
 * Compares a folder with what is recorded. Pending is decided by name and content, never by the
 * newest timestamp.
 */
const planOf = (
  folder: MigrationFolder,
  rows: readonly AppliedRow[],
  progress: readonly Progress[] = [],
): Plan => {
  const free = new Map(folder.migrations.map((migration) => [migration.name, migration]));
  const applied: AppliedMigration[] = [];
  const changed: AppliedMigration[] = [];
  const renamed: { row: AppliedRow; migration: Migration }[] = [];
  const missing: AppliedRow[] = [];
  const duplicates: AppliedMigration[] = [];
  const claim = (row: AppliedRow, migration: Migration) => {
    free.delete(migration.name);
    const entry = { row, migration, adopted: row.source === undefined };
    applied.push(entry);
    if (!sameContent(migration, row.hash)) changed.push(entry);
  };

  const unnamed: AppliedRow[] = [];
  const orphaned: AppliedRow[] = [];
  for (const row of rows) {
    const migration = row.name === undefined ? undefined : free.get(row.name);
    if (migration) claim(row, migration);
    else (row.name === undefined ? unnamed : orphaned).push(row);
  }
  // Rows of drizzle's migrator carry no name: the content identifies them, then the time.
  for (const row of unnamed) {
    const candidates = [...free.values()];
    const same = candidates.filter((migration) => sameContent(migration, row.hash));
    const match =
      same.find((migration) => migration.createdAt === row.createdAt) ??
      same[0] ??
      candidates.find((migration) => migration.createdAt === row.createdAt);
    const twice = applied.find(
      ({ migration }) => sameContent(migration, row.hash) && migration.createdAt === row.createdAt,
    );
    if (match) claim(row, match);
    else if (twice) duplicates.push({ ...twice, row });
    else missing.push(row);
  }
  for (const row of orphaned) {
    const match = [...free.values()].find((migration) => sameContent(migration, row.hash));
    const twice = applied.find(
      ({ migration }) => migration.name === row.name && sameContent(migration, row.hash),
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
  const { unjournaled } = folder;
  return {
    applied,
    pending,
    changed,
    missing,
    renamed,
    late,
    unjournaled,
    duplicates,
    interrupted,
  };
};

/** Reads what a database records and compares it with a folder. */
export const readPlan = async (
  session: Session,
  folder: MigrationFolder,
  tables: Tables,
): Promise<Plan> =>
  planOf(folder, await readApplied(session, tables), await readProgress(session, tables));
