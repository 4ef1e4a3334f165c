// pnpm demo: the databases, what is in them, and the application on them; Ctrl-C ends it all.
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { keepKeys } from './data-folder.ts';
import { openDatabases, variables } from './databases.ts';
import { build, freePort, serve } from './web.ts';
import { startWorker } from './worker.ts';

type Prepare = typeof import('./prepare.ts');
type Seed = Pick<typeof import('@pagespace/db/seed'), 'people' | 'seedPassword'>;

const project = fileURLToPath(new URL('../../../../', import.meta.url));

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}

const options = new Command('demo')
  .description('Starts the databases, fills them, and serves the application.')
  .option('--reset', 'forget what an earlier demo kept', false)
  .option(
    '--port <number>',
    'the application’s port; the next free one if it is taken',
    portNumber,
    3000,
  )
  .option(
    '--host <address>',
    'the address to listen on: only this machine reaches the default',
    '127.0.0.1',
  )
  .option(
    '--remote',
    'seed people with a public password on a server that is not this machine',
    false,
  )
  .option('--data <folder>', 'where the embedded databases keep their data', `${project}.demo`)
  .option('--dev', 'serve the sources, for work on them', false)
  .parse()
  .opts<{
    reset: boolean;
    port: number;
    host: string;
    remote: boolean;
    data: string;
    dev: boolean;
  }>();

/** Whether only this machine reaches the application. */
const isOnlyHere = ['127.0.0.1', '::1', 'localhost'].includes(options.host);

const step = (text: string) => console.log(pc.dim(`· ${text}`));

async function main(): Promise<void> {
  // A second Ctrl-C while it closes does nothing: half-closed, the data would need recovery.
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);

  // The packages are read while the servers start.
  const packages = Promise.all([import('./prepare.ts'), import('@pagespace/db/seed')]);
  const databases = await openDatabases({
    folder: options.data,
    reset: options.reset,
    allowRemote: options.remote,
  });
  try {
    const [prepare, seed] = await packages;
    await Promise.race([run(databases, prepare, seed, stopped), stopped]);
  } finally {
    await databases.close();
  }
}

async function run(
  { urls, onPglite, isOwnServer, description }: Awaited<ReturnType<typeof openDatabases>>,
  prepare: Prepare,
  seed: Seed,
  stopped: Promise<void>,
): Promise<void> {
  for (const line of description) step(line);
  const encryptionKeys = process.env.ENCRYPTION_KEYS || (await keepKeys(options.data));
  const building = options.dev ? undefined : build(() => step('building the application'));
  await Promise.all([prepare.migrateAll(urls, { onStep: step }), building]);
  const port = await freePort(options.port, options.host);
  if (port !== options.port) step(`port ${options.port} is taken, so it is ${port}`);
  const environment = {
    [variables.pagespace]: urls.pagespace,
    [variables.ait]: urls.ait,
    [variables.tasks]: urls.tasks,
    [variables.tenancy]: urls.tenancy,
    ENCRYPTION_KEYS: encryptionKeys,
    DEMO_ON_PGLITE: onPglite.join(' '),
    DEMO_FILES: `${options.data}/files`,
    DEMO_OWN_SERVER: isOwnServer && isOnlyHere ? '1' : '0',
    // Only where nobody else reads along.
    DEMO_STATEMENTS: isOnlyHere && !options.remote ? '1' : '0',
  };
  // The address is printed when the sample data is there: until then only the server's own jobs run.
  const serving = serve({ port, host: options.host, dev: options.dev, environment });
  const filling = prepare.fillAll(urls, { encryptionKeys, onStep: step });
  const [web] = await Promise.all([serving, filling]).catch(async (error: unknown) => {
    const left = await serving.catch(() => undefined);
    await left?.stop();
    throw error;
  });
  const worker = startWorker(environment);
  try {
    greet(web.url, seed);
    await Promise.race([stopped, web.ended]);
  } finally {
    await Promise.all([web.stop(), worker.stop()]);
  }
}

function greet(url: string, { people, seedPassword }: Seed): void {
  const [first, ...others] = people.map((person) => `${person}@example.com`);
  console.log(`\n  ${pc.bold(pc.cyan(url))}\n`);
  console.log(`  Sign in as ${pc.bold(first ?? '')} with ${pc.bold(seedPassword)}`);
  console.log(pc.dim(`  or as ${others.join(', ')}, with the same password.`));
  console.log(pc.dim('  Ctrl-C stops everything; the data stays for the next start.\n'));
}

try {
  await main();
} catch (error) {
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  process.exitCode = 1;
}
