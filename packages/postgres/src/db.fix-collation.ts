// pnpm db:fix-collation: after an upgrade of the operating system's collations.
import { InvalidInputError, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { describeCollation, fixCollation } from '@reference/migrator';
import { Command } from 'commander';

const { reindex, refreshOnly } = new Command('db:fix-collation')
  .description("Compares the collation version on record with the system's; rebuilds what differs.")
  .option(
    '--reindex',
    'rebuild the indexes on text without blocking writes, then record the version',
  )
  .option('--refresh-only', 'record the version alone, after a rebuild of your own')
  .parse()
  .opts<{ reindex?: true; refreshOnly?: true }>();

await runCommand(async () => {
  if (reindex && refreshOnly) {
    throw new InvalidInputError('--reindex records the version itself: leave out --refresh-only.');
  }
  const { found, recorded } = await fixCollation(requireUrl(process.env, 'POSTGRES_URL'), {
    reindex,
    refreshOnly,
    onRebuilt: (index) => console.log(`rebuilt ${index}`),
  });
  console.log(describeCollation(found));
  if (!found.isMismatched) {
    console.log('Nothing to do.');
  } else if (!reindex && !refreshOnly) {
    for (const index of found.indexes) console.log(`  reindex index concurrently ${index};`);
    console.log('Nothing was changed. --reindex rebuilds them, then records the version.');
    process.exitCode = 1;
  } else if (recorded) {
    console.log('Version recorded.');
  } else {
    console.log('Only a superuser can record it here: run this again as one, with --refresh-only.');
    process.exitCode = 1;
  }
});
