import type { Layout, MigrationFolder } from '../folder/migration-folder.ts';
import type { Rename } from './renames.ts';

/** The snapshot of a schema, or of the history up to a migration. Its form depends on drizzle-kit's version. */
export interface Snapshot extends Record<string, unknown> {
  readonly id: string;
}

/** Answers to the question whether something new is something old under another name. */
export interface Answers {
  readonly renames?: readonly Rename[];
  /** Nothing was renamed, but for what `renames` says. */
  readonly noRenames?: boolean;
}

export interface Difference {
  readonly statements: readonly string[];
  /** The answers in drizzle-kit 1.0's own form, for its command line. */
  readonly hints: readonly unknown[];
  /** drizzle-kit itself would write other statements to the same end. */
  readonly isOwn: boolean;
}

export interface NewMigration {
  readonly folder: MigrationFolder;
  readonly name: string;
  readonly previous: Snapshot;
  readonly current: Snapshot;
  readonly difference: Difference;
  /** The SQL, where it is not what drizzle-kit writes. */
  readonly sql?: string;
  readonly custom: boolean;
}

export interface WrittenMigration {
  readonly name: string;
  readonly path: string;
  readonly downPath: string;
}

/** The project's drizzle-kit, of either line, as far as migrations need it. */
export interface DrizzleKit {
  readonly version: string;
  /** The layout of the folders that it writes. */
  readonly layout: Layout;
  /** The snapshot of an empty database. */
  empty(): Snapshot;
  /** The snapshot after the last migration. Throws a refusal when this line cannot read the folder. */
  latest(folder: MigrationFolder): Promise<Snapshot>;
  /** The snapshot of the schema modules. */
  snapshotOf(modules: Record<string, unknown>, previous: Snapshot): Promise<Snapshot>;
  /** The schema as the history would have it that has no difference from it, down to the names. */
  asNamedBy(history: Snapshot, current: Snapshot): Snapshot;
  /** The statements that lead from one to the other. Throws a refusal where an answer is missing. */
  difference(from: Snapshot, to: Snapshot, answers: Answers): Promise<Difference>;
  /** Writes the migration and its snapshot. Undefined when drizzle-kit finds nothing to write. */
  write(migration: NewMigration): Promise<WrittenMigration | undefined>;
}
