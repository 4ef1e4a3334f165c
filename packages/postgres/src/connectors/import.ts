// pnpm connectors:import github <file-or-folder>: stores JSON documents of a vendor.
import { resolve } from 'node:path';
import { keyringFromEnv, requireUrl } from '@reference/kit';
import { runCommand } from '@reference/kit/command';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import pc from 'picocolors';
import { createPostgresClient } from '../postgres.client.ts';
import { knownProviders } from '../providers.ts';
import { upsertProviders } from '../queries/providers.worker.ts';
import { describeIngest } from './github/describe-ingest.ts';
import { ingestGithubDocuments } from './github/ingest.ts';
import { ensureImportConnection } from './import-connection.ts';
import { findJsonFiles, readJsonFiles } from './json-files.ts';

const program = new Command('connectors:import').description(
  'Stores JSON documents of a service: API answers and webhook deliveries.',
);

program
  .command('github')
  .argument('<path>', 'a JSON file, or a folder of them')
  .option('--connection <id>', 'the connection that the rows belong to')
  .option('--user <id>', 'whose connection "Imported files" they belong to otherwise', 'local')
  .action((path: string, options: { connection?: string; user: string }) =>
    runCommand(() => importGithub(path, options)),
  );

await program.parseAsync();

async function importGithub(path: string, options: { connection?: string; user: string }) {
  // pnpm runs scripts in the package's folder, but the path is relative to the user's.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const found = await findJsonFiles(resolve(folder, path));
  const client = createPostgresClient({ url: requireUrl(process.env, 'POSTGRES_URL'), max: 1 });
  const bar = new SingleBar({ format: '{bar} {value}/{total} files', stream: process.stderr });
  try {
    await upsertProviders(client.db, knownProviders);
    const connection =
      options.connection ??
      (await ensureImportConnection(client.db, {
        userId: options.user,
        providerSlug: 'github',
        keyring: () => keyringFromEnv(process.env.ENCRYPTION_KEYS),
      }));
    bar.start(found.files.length + found.problems.length, 0);
    const summary = await ingestGithubDocuments(client.db, connection, readJsonFiles(found), () =>
      bar.increment(),
    );
    bar.stop();
    console.log(describeIngest(summary, pc));
  } finally {
    bar.stop();
    await client.close();
  }
}
