import type { Migration } from './migration.ts';

/** `journal`: drizzle-kit 0.x, `NNNN_name.sql` and `meta/`. `folders`: 1.0, a folder each. */
export type Layout = 'journal' | 'folders';

export interface MigrationFolder {
  readonly path: string;
  readonly layout: Layout;
  readonly migrations: readonly Migration[];
  /** SQL files outside of the journal, which drizzle would silently skip. */
  readonly unjournaled: readonly string[];
}

/** The end of a sentence about SQL files that drizzle skips, with the remedy. */
export const describeUnjournaled = ({
  layout,
  unjournaled,
}: Pick<MigrationFolder, 'layout' | 'unjournaled'>): string =>
  layout === 'journal'
    ? `the journal does not name ${unjournaled.join(', ')}, so drizzle would never run it. Add an entry to meta/_journal.json (drizzle-kit generate --custom makes one), or move the file out of the folder.`
    : `${unjournaled.join(', ')} stands in no migration's folder, so drizzle would never run it. Make a migration of it (drizzle-kit generate --custom), or move the file out of the folder.`;
