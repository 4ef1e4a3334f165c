// pnpm db:seed: fills the providers; with --sample every vendor table.
import { InvalidInputError, keyringFromEnv, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { collationWarning } from '@reference/migrator';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { createPostgresClient } from './postgres.client.ts';
import { knownProviders } from './providers.ts';
import { upsertProviders } from './queries/providers.worker.ts';
import { sampleSets } from './samples/sample-sets.ts';
import { seedSamples } from './samples/seed-samples.ts';

const { sample, rows } = new Command('db:seed')
  .description('Fills the providers; with --sample every vendor table too.')
  .option('--sample', 'connect the person "sample" to everything and fill every vendor table')
  .option('--rows <count>', 'sample rows a table', '200')
  // `pnpm db:seed` at the root passes its options to every package; these belong to packages/db.
  .addOption(new Option('--size <size>').hideHelp())
  .addOption(new Option('--remote').hideHelp())
  .parse()
  .opts<{ sample?: true; rows: string }>();

await runCommand(async () => {
  const count = Number(rows);
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidInputError('--rows must be a whole number above zero.');
  }
  const url = requireUrl(process.env, 'POSTGRES_URL');
  const warning = await collationWarning(url);
  if (warning) console.error(warning);
  const client = createPostgresClient({ url, max: 1 });
  const bar = new SingleBar({
    format: '{bar} {value}/{total} tables {table}',
    stream: process.stderr,
  });
  try {
    const changed = await upsertProviders(client.db, knownProviders);
    console.log(`${knownProviders.length} providers, ${changed} of them added or changed.`);
    if (!sample) return;
    bar.start(sampleSets.length, 0, { table: '' });
    const total = await seedSamples(client.db, {
      keyring: keyringFromEnv(process.env.ENCRYPTION_KEYS),
      rows: count,
      onTable: (table) => bar.increment(1, { table }),
    });
    bar.stop();
    const { inserted, updated, unchanged } = total;
    console.log(`Sample rows: ${inserted} inserted, ${updated} updated, ${unchanged} unchanged.`);
  } finally {
    bar.stop();
    await client.close();
  }
});
