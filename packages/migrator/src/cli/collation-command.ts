import type { Command } from 'commander';
import pc from 'picocolors';
import {
  collationWarning,
  describeCollation,
  type FixCollationOptions,
  fixCollation,
} from '../collation.ts';
import { usage } from '../errors.ts';
import { type DatabaseUrlOptions, urlOf, withDatabaseUrl } from './connection.ts';
import { say } from './output.ts';

/** Prints on the error output that a database's order of text has changed, if it has. */
export const warnOfCollation = async (url: string): Promise<void> => {
  const warning = await collationWarning(url);
  if (warning) process.stderr.write(`${pc.yellow('·')} ${warning}\n`);
};

const fixCollationCommand = async (
  options: DatabaseUrlOptions & FixCollationOptions,
): Promise<void> => {
  const { reindex, refreshOnly } = options;
  if (reindex && refreshOnly) throw usage('--reindex records the version itself: leave out one');
  const { found, recorded } = await fixCollation(urlOf(options), {
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

/** The command for a database whose system orders text by other rules than when it was made. */
export const addCollationCommand = (program: Command): void => {
  withDatabaseUrl(program.command('fix-collation'))
    .description('compare the recorded collation version with the system’s; rebuild what differs')
    .option('--reindex', 'rebuild the indexes on text without blocking writes, then record')
    .option('--refresh-only', 'record the version alone, after a rebuild of your own')
    .action(fixCollationCommand);
};
