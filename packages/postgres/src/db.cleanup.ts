// pnpm db:cleanup: deletes the tokens of every connection.
import { requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { Command } from 'commander';
import { confirm } from './confirm.ts';
import { deleteAllTokens, planCleanup } from './maintenance/cleanup.ts';
import { createPostgresClient } from './postgres.client.ts';

const { yes, force } = new Command('db:cleanup')
  .description('Deletes the tokens of every connection; each person has to authorise again.')
  .option('--yes', 'do not ask')
  .option('--force', 'also in a database whose name ends in prod or production')
  .parse()
  .opts<{ yes?: true; force?: true }>();

await runCommand(async () => {
  const client = createPostgresClient({ url: requireUrl(process.env, 'POSTGRES_URL'), max: 1 });
  try {
    const { database, tokens } = await planCleanup(client.db);
    const question = `Delete the tokens of ${tokens} connections in "${database}"?`;
    if (!yes && !(await confirm(question))) {
      console.log('Nothing was deleted. Answer yes, or pass --yes in a script.');
      process.exitCode = 1;
      return;
    }
    console.log(`${await deleteAllTokens(client.db, { force })} token pairs deleted.`);
  } finally {
    await client.close();
  }
});
