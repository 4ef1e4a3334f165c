// pnpm demo: a workspace database with something in it, and a tour of what its queries answer.
import { fileURLToPath } from 'node:url';
import { createDb, migrationsFolder } from '@pagespace/db';
import { importFolder } from '@pagespace/db/import';
import { seedWorkspace } from '@pagespace/db/seed';
import { migrate } from '@reference/migrator';
import { Command } from 'commander';
import pc from 'picocolors';
import { openDatabase } from './database.ts';
import { showTour } from './tour.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

const command = new Command('demo')
  .description('Starts a database, fills it, and shows what its queries answer.')
  .option('--reset', 'forget what an earlier demo kept')
  .option('--once', 'end after the tour instead of keeping the database up')
  .option('--port <number>', 'port of the embedded database', '54329')
  .option('--data <folder>', 'where the embedded database keeps its data', `${project}.demo`);

const step = (text: string) => console.log(pc.dim(`· ${text}`));

async function main(): Promise<void> {
  const options = command.parse().opts<{ reset?: true; once?: true; port: string; data: string }>();
  const database = await openDatabase({
    given: process.env.DATABASE_URL,
    dataFolder: options.data,
    port: Number(options.port),
    reset: options.reset ?? false,
  });
  // A second Ctrl-C while it closes does nothing: half-closed, the data folder would need recovery.
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    step(database.description);
    await Promise.race([prepareAndShow(database.url), stopped]);
    if (process.stdout.isTTY && !options.once && database.embedded) {
      console.log(`\nThe database stays up until Ctrl-C. In another terminal:`);
      console.log(
        pc.cyan(
          `  DATABASE_URL=${database.url} npx pnpm@12 db:search "row security" --as ada@example.com`,
        ),
      );
      await stopped;
    }
  } finally {
    await database.close();
  }
}

async function prepareAndShow(url: string): Promise<void> {
  const { applied } = await migrate(url, { folder: fileURLToPath(migrationsFolder) });
  step(applied.length > 0 ? `${applied.length} migrations applied` : 'migrations are up to date');
  const client = createDb({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  try {
    const added = Object.values(await seedWorkspace(client)).reduce((sum, count) => sum + count, 0);
    step(added > 0 ? `${added} rows seeded` : 'seeded already');
    const summary = await importFolder(client.db, {
      folder: project,
      drive: 'Project documents',
      email: 'ada@example.com',
    });
    step(
      `this project's documents: ${summary.created} pages new, ${summary.updated} changed, ${summary.unchanged} as they were`,
    );
    await showTour(client.db);
  } finally {
    await client.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
