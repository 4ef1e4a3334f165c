// pnpm db:import <folder> --drive Docs: makes a drive of the database in DATABASE_URL show a folder.
import { resolve } from 'node:path';
import { requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { Command } from 'commander';
import { createDb } from './client.ts';
import { importFolder } from './import/import-folder.ts';
import { showProgress } from './import/progress.ts';
import { reportLines } from './import/report.ts';

const command = new Command('db:import')
  .description('Makes a drive show a folder of Markdown, text and images.')
  .argument('<folder>', 'the folder to import')
  .requiredOption('--drive <name>', 'the drive to fill; it is made if there is none')
  .option('--as <email>', 'whose drive; default: the first administrator')
  .option('--all', 'also hidden folders and node_modules')
  .option('--replace', 'even if the drive shows another folder so far');

await runCommand(async () => {
  const [folder] = command.parse().processedArgs;
  const options = command.opts<{ drive: string; as?: string; all?: true; replace?: true }>();
  // pnpm runs scripts in the package's folder, but a path is relative to the caller's folder.
  const root = resolve(process.env.INIT_CWD ?? process.cwd(), String(folder));
  const client = createDb({
    url: requireUrl(process.env, 'DATABASE_URL'),
    max: 1,
    statementTimeoutMs: 0,
    deadlineMs: 0,
  });
  const progress = showProgress(process.stderr);
  const started = performance.now();
  try {
    const summary = await importFolder(client.db, {
      folder: root,
      drive: options.drive,
      email: options.as,
      all: options.all,
      replace: options.replace,
      onProgress: progress.show,
    });
    progress.stop();
    for (const line of reportLines(summary, performance.now() - started)) console.log(line);
  } finally {
    progress.stop();
    await client.close();
  }
});
