// pnpm db:seed: fills the database in TASKS_DATABASE_URL with demonstration people and tasks.
import { keyringFromEnv, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { collationWarning } from '@reference/migrator';
import { Command, Option } from 'commander';
import { createTasksClient } from '../client.ts';
import { seedTasks } from '../seed/seed.ts';

// `pnpm db:seed` at the root passes its options to every package; these belong to others.
new Command('db:seed')
  .description('Fills the database with demonstration people and tasks.')
  .addOption(new Option('--sample').hideHelp())
  .addOption(new Option('--rows <count>').hideHelp())
  .addOption(new Option('--size <size>').hideHelp())
  .addOption(new Option('--remote').hideHelp())
  .parse();

await runCommand(async () => {
  const url = requireUrl(process.env, 'TASKS_DATABASE_URL');
  const keyring = keyringFromEnv(process.env.ENCRYPTION_KEYS);
  const warning = await collationWarning(url);
  if (warning) console.error(warning);
  const client = createTasksClient({ url, applicationName: 'tasks db:seed', max: 1 });
  try {
    const added = Object.entries(await seedTasks(client.db, { keyring }));
    const parts = added.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
    console.log(parts.length > 0 ? `Seeded ${parts.join(', ')}.` : 'Everything is there already.');
  } finally {
    await client.close();
  }
});
