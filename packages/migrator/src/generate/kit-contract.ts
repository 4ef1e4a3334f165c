import type { Layout, MigrationFolder } from '../folder/migration-folder.ts';
import type { Rename } from './renames.ts';

/** The snapshot of a schema, or of the history up to a migration. Its form depends on drizzle-kit's version. */
export interface Snapshot extends Record<string, unknown> {
  readonly id: string;
}

/** Answers to the question whether a new object is a renamed one. */
export interface Answers {
  readonly renames?: readonly Rename[];
  /** Nothing was renamed except `renames`. */
  readonly noRenames?: boolean;
}

export interface Difference {
  readonly statements: readonly string[];
  /** The answers in drizzle-kit 1.0's own form, for its command line. */
  readonly hints: readonly unknown[];
  /** drizzle-kit itself would write other statements. */
  readonly isOwn: boolean;
}

export interface NewMigration {
  readonly folder: MigrationFolder;
  readonly name: string;
  readonly previous: Snapshot;
  readonly current: Snapshot;
  readonly difference: Difference;
  /** The SQL, if it differs from drizzle-kit's. */
  readonly sql?: string;
  readonly custom: boolean;
}

export interface WrittenMigration {
  readonly name: string;
  readonly path: string;
  readonly downPath: string;
}

/** The functions of the project's drizzle-kit, of either line, that migrations need. */
export interface DrizzleKit {
  readonly version: string;
  /** The layout of the folders that it writes. */
  readonly layout: Layout;
  /** The snapshot of an empty database. */
  empty(): Snapshot;
  /**
   * The snapshot after the last migration. It throws a refusal if this line cannot read the folder.
   */
  latest(folder: MigrationFolder): Promise<Snapshot>;
  /** The snapshot of the schema modules. */
  snapshotOf(modules: Record<string, unknown>, previous: Snapshot): Promise<Snapshot>;
  /** The schema with the history's names. */
  asNamedBy(history: Snapshot, current: Snapshot): Snapshot;
  /** The statements from one to the other. It throws a refusal if an answer is missing. */
  difference(from: Snapshot, to: Snapshot, answers: Answers): Promise<Difference>;
  /** Writes the migration and its snapshot. Undefined if drizzle-kit finds no change. */
  write(migration: NewMigration): Promise<WrittenMigration | undefined>;
}
