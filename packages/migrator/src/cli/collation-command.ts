import type { Command } from 'commander';
import pc from 'picocolors';
import {
  collationWarning,
  describeCollation,
  type FixCollationOptions,
  fixCollation,
} from '../collation.ts';
import { usage } from '../errors.ts';
import type { Target } from '../run/target.ts';
import { withConnection } from './connection.ts';
import { say } from './output.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';

/** Warns on stderr if a database's order of text has changed. */
export const warnOfCollation = async (target: Target): Promise<void> => {
  const warning = await collationWarning(target);
  if (warning) process.stderr.write(`${pc.yellow('·')} ${warning}\n`);
};

const fixCollationCommand = async (
  options: ProjectOptions & FixCollationOptions,
): Promise<void> => {
  const { reindex, refreshOnly } = options;
  if (reindex && refreshOnly) throw usage('--reindex records the version itself: leave out one');
  await forProjects(options, { run: (project) => fixOne(project, { reindex, refreshOnly }) });
};

const fixOne = async (
  project: Project,
  { reindex, refreshOnly }: Pick<FixCollationOptions, 'reindex' | 'refreshOnly'>,
): Promise<void> => {
  const { found, recorded } = await fixCollation(project.requireDatabase(), {
    reindex,
    refreshOnly,
    onRebuilt: (index) => say(`${pc.green('✓')} rebuilt ${index}`),
  });
  say(describeCollation(found));
  if (!found.isMismatched) {
    say('Nothing to do.');
  } else if (!reindex && !refreshOnly) {
    for (const index of found.indexes) say(`  reindex index concurrently ${index};`);
    say(
      'Nothing was changed. --reindex rebuilds them and records the version; --refresh-only records it after a rebuild of your own.',
    );
    process.exitCode = 1;
  } else if (recorded) {
    say(`${pc.green('✓')} The version of the system is recorded.`);
  } else {
    say(
      'The version stays as recorded, and with it the warning: PostgreSQL has no command to record it here. Run this once more as a superuser, with --refresh-only.',
    );
    process.exitCode = 1;
  }
};

/** The command for a database whose system's order of text has changed. */
export const addCollationCommand = (program: Command): void => {
  withConnection(program.command('fix-collation'))
    .description('compare the recorded collation version with the system’s; rebuild what differs')
    .option('--reindex', 'rebuild the indexes on text without blocking writes, then record')
    .option('--refresh-only', 'only record the version, after your own rebuild')
    .action(fixCollationCommand);
};
