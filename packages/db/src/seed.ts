// pnpm db:seed [--size small|medium|large] [--remote]: fills the database in DATABASE_URL with a workspace.
import { InvalidInputError, parseConnectionUrl, remoteHosts, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { collationWarning } from '@reference/migrator';
import { Command, Option } from 'commander';
import { createDb } from './client.ts';
import { type SeedSize, seedPassword, seedSizes, seedWorkspace } from './seed/seed.ts';

const command = new Command('db:seed')
  .description('Fills the database with a workspace to look at.')
  .addOption(new Option('--size <size>', 'how much').choices(seedSizes).default('small'))
  .option('--remote', 'also on a server that is not this machine', false)
  // `pnpm db:seed` at the root passes its options to every package; these belong to
  // packages/postgres.
  .addOption(new Option('--sample').hideHelp())
  .addOption(new Option('--rows <count>').hideHelp());

await runCommand(async () => {
  const { size, remote } = command.parse().opts<{ size: SeedSize; remote: boolean }>();
  const url = requireUrl(process.env, 'DATABASE_URL');
  const elsewhere = remoteHosts(parseConnectionUrl(url));
  if (elsewhere.length > 0 && !remote) {
    throw new InvalidInputError(
      `The seed adds an administrator whose password is published, and ${elsewhere.join(', ')} is not this machine, so nothing was added. To add them there nevertheless, use --remote.`,
    );
  }
  const warning = await collationWarning(url);
  if (warning) console.error(warning);
  const client = createDb({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  const started = performance.now();
  try {
    const onTable = (table: string) => console.log(`${table} …`);
    const added = await seedWorkspace(client, { size, onTable });
    const parts = Object.entries(added).flatMap(([name, count]) =>
      count > 0 ? [`${count} ${name}`] : [],
    );
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      parts.length > 0
        ? `Seeded ${parts.join(', ')} (${seconds} s).`
        : 'Everything is there already.',
    );
    console.log(`Sign in as ada@example.com with the password ${seedPassword}.`);
  } finally {
    await client.close();
  }
});
