// pnpm promote-admin <email>: makes a user of the database in DATABASE_URL an administrator.
import { requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { Command } from 'commander';
import { createDb } from './client.ts';
import { promoteAdmin } from './queries/auth.ts';

const command = new Command('promote-admin')
  .description('Makes a user an administrator and ends their sessions.')
  .argument('<email>', 'the address of an existing user');

await runCommand(async () => {
  const email = command.parse().processedArgs[0];
  const client = createDb({ url: requireUrl(process.env, 'DATABASE_URL'), max: 1 });
  try {
    const { promoted } = await promoteAdmin(client.db, { email: String(email) });
    console.log(
      promoted ? `${email} is now an administrator.` : `${email} is an administrator already.`,
    );
  } finally {
    await client.close();
  }
});
