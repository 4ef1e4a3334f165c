// pnpm db:seed: fills the database that TASKS_DATABASE_URL names with people and tasks to look at.
import { keyringFromEnv, requireUrl } from '@reference/kit';
import { createTasksClient } from '../client.ts';
import { runCommand } from '../command.ts';
import { seedTasks } from '../seed/seed.ts';

await runCommand(async () => {
  const url = requireUrl(process.env, 'TASKS_DATABASE_URL');
  const keyring = keyringFromEnv(process.env.ENCRYPTION_KEYS);
  const client = createTasksClient({ url, applicationName: 'tasks db:seed', max: 1 });
  try {
    const added = Object.entries(await seedTasks(client.db, { keyring }));
    const parts = added.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
    console.log(parts.length > 0 ? `Seeded ${parts.join(', ')}.` : 'Everything is there already.');
  } finally {
    await client.close();
  }
});
