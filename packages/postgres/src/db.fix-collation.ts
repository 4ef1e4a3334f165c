// pnpm db:fix-collation: after an upgrade of the operating system's collations.
import { requireUrl } from '@reference/kit';
import { Command } from 'commander';
import { runCommand } from './command.ts';
import {
  inspectCollation,
  rebuildIndexes,
  refreshCollationVersion,
} from './maintenance/collation.ts';
import { createPostgresClient } from './postgres.client.ts';

const { reindex } = new Command('db:fix-collation')
  .description('Compares the collation version of the database and refreshes it if it differs.')
  .option('--reindex', 'rebuild the indexes on text first, without blocking writes')
  .parse()
  .opts<{ reindex?: true }>();

await runCommand(async () => {
  // Rebuilding an index of a large table takes longer than any query should.
  const client = createPostgresClient({
    url: requireUrl(process.env, 'POSTGRES_URL'),
    max: 1,
    statementTimeoutMs: 0,
    deadlineMs: 0,
  });
  try {
    const state = await inspectCollation(client.db);
    const { database, recordedVersion, actualVersion, indexes } = state;
    if (!state.isMismatched) {
      console.log(
        `"${database}": collation version ${actualVersion ?? 'none'}, as recorded. Nothing to do.`,
      );
      return;
    }
    console.log(
      `"${database}": built with collation version ${recordedVersion}, the system has ${actualVersion}.`,
    );
    if (reindex) {
      await rebuildIndexes(client.db, indexes, (name) => console.log(`rebuilt ${name}`));
    }
    await refreshCollationVersion(client.db, database);
    console.log('Version refreshed.');
    if (!reindex) {
      console.log(
        `These ${indexes.length} indexes order text and must be rebuilt (--reindex does it):`,
      );
      for (const name of indexes) console.log(`  reindex index concurrently ${name};`);
    }
  } finally {
    await client.close();
  }
});
