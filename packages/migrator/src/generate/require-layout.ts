import { refused } from '../errors.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import type { DrizzleKit } from './kit-contract.ts';

/**
 * Throws unless this drizzle-kit continues the folder's layout.
 *
 * @throws MigratorError `folder` (exit 2) with the remedy
 */
export const requireLayout = (
  { path, layout, migrations }: MigrationFolder,
  kit: Pick<DrizzleKit, 'layout' | 'version'>,
): void => {
  const isEmpty = layout === 'folders' && migrations.length === 0;
  if (isEmpty || layout === kit.layout) return;
  throw refused(
    'folder',
    layout === 'journal'
      ? `${path} has the layout of drizzle-kit 0.x, and ${kit.version} is installed here: run "drizzle-kit up" first, which converts it`
      : `${path} has the layout of drizzle-kit 1.0, and ${kit.version} is installed here: install drizzle-kit 1.0 (npm install --save-dev drizzle-kit@1.0.0-rc.5)`,
  );
};
