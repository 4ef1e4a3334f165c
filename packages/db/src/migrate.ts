// pnpm db:migrate: applies what is pending to the database that DATABASE_URL names.
import { requireUrl } from '@reference/kit';
import { migrate } from '@reference/migrator';
import { runCommand } from './command.ts';
import { migrationsFolder } from './migrations.ts';

await runCommand(async () => {
  const url = requireUrl(process.env, 'DATABASE_URL');
  const { applied } = await migrate(url, {
    folder: migrationsFolder,
    onEvent: (event) => {
      if (event.type === 'waiting') console.log('Another migration is running; waiting for it.');
      if (event.type === 'note') console.log(event.message);
      if (event.type === 'file-done')
        console.log(`${event.name} applied, ${Math.round(event.durationMs)} ms`);
    },
  });
  if (applied.length === 0) console.log('Nothing to migrate.');
});
