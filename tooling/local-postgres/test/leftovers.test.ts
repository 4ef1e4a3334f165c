import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { getContainerRuntimeClient } from 'testcontainers';
import { afterAll, describe, expect, test } from 'vitest';
import { isAlive } from '../src/embedded/processes.mjs';
import { capabilities, currentRun, type Run } from '../src/index.ts';

const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
const fixture = fileURLToPath(new URL('fixture', import.meta.url));

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

type Ready = { run: Run; worker: number; servers: number[] };

/** Runs the fixture in a vitest of its own and resolves when it holds all it will hold. */
async function runFixture(ends: string, env: NodeJS.ProcessEnv) {
  const { LOCAL_POSTGRES_RUN: _, TEST_DATABASE: __, ...inherited } = process.env;
  const process_ = spawn(process.execPath, [vitest, 'run', '--root', fixture], {
    env: { ...inherited, ...env, FIXTURE_ENDS: ends },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(process_);
  let output = '';
  const exit = once(process_, 'exit');
  const ready = new Promise<Ready>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const line = /READY (.*)/.exec(output)?.[1];
      if (line) resolve(JSON.parse(line));
    };
    process_.stdout.on('data', read);
    process_.stderr.on('data', read);
    process_.on('exit', () => reject(new Error(output)));
  });
  return { process: process_, exit, ready, output: () => output };
}

async function containersOf({ run: { owner } }: Ready): Promise<string[]> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`local-postgres.owner=${owner}`] };
  return (await dockerode.listContainers({ all: true, filters })).map(({ Id }) => Id);
}

async function databasesOf({ run: { owner } }: Ready): Promise<string[]> {
  const sql = postgres(currentRun()?.adminUrl ?? '', { max: 1 });
  const rows = await sql<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${`lp_${owner}_`})`;
  await sql.end();
  return rows.map(({ datname }) => datname);
}

/** Waits for `condition`, for as long as removing a container takes. */
async function eventually(condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await setTimeout(100);
  }
  return false;
}

const sources = {
  docker: {
    env: () => ({ TEST_DATABASE: 'docker', FIXTURE_SERVER: 'of its own' }),
    left: containersOf,
    held: 2,
  },
  given: {
    env: () => ({ TEST_DATABASE_URL: currentRun()?.adminUrl }),
    left: databasesOf,
    held: 1,
  },
  embedded: {
    env: () => ({ TEST_DATABASE: 'embedded', FIXTURE_SERVER: 'frozen' }),
    left: async ({ servers }: Ready) => servers.filter(isAlive),
    held: 2,
  },
};

type Name = keyof typeof sources;

const runs: { source: Name; ends: string }[] = [
  { source: 'docker', ends: 'SIGINT' },
  { source: 'docker', ends: 'SIGKILL' },
  { source: 'docker', ends: 'failing' },
  { source: 'docker', ends: 'crashing' },
  { source: 'given', ends: 'SIGKILL' },
  { source: 'given', ends: 'passing' },
  { source: 'embedded', ends: 'SIGTERM' },
  { source: 'embedded', ends: 'SIGKILL' },
  { source: 'embedded', ends: 'crashing' },
  { source: 'embedded', ends: 'passing' },
];

/** Each is tested on a run of its own kind; a server of one's own can be given, too. */
const isTested: Record<Name, () => boolean> = {
  docker: () => capabilities.docker,
  given: () => capabilities.concurrency,
  embedded: () => currentRun()?.source === 'embedded',
};

function isSignal(ends: string): ends is 'SIGINT' | 'SIGTERM' | 'SIGKILL' {
  return ends.startsWith('SIG');
}

describe('a run leaves nothing behind', { timeout: 90_000 }, () => {
  for (const { source, ends } of runs) {
    test.skipIf(!isTested[source]())(`${source}, ended by ${ends}`, async () => {
      const { env, left, held } = sources[source];
      const isClean = async (ready: Ready) =>
        (await left(ready)).length === 0 &&
        !existsSync(ready.run.directory) &&
        !isAlive(ready.worker);
      const fixtureRun = await runFixture(isSignal(ends) ? 'waiting' : ends, env());
      const ready = await fixtureRun.ready;
      if (isSignal(ends)) {
        expect(await left(ready)).toHaveLength(held);
        expect(existsSync(ready.run.directory)).toBe(true);
        fixtureRun.process.kill(ends);
        await fixtureRun.exit;
        expect(await eventually(() => isClean(ready))).toBe(true);
      } else {
        const [code] = await fixtureRun.exit;
        expect(code).toBe(ends === 'passing' ? 0 : 1);
        // At once: a run that ends by itself cleans up before it ends.
        expect(await isClean(ready)).toBe(true);
      }
    });
  }

  test.skipIf(!capabilities.docker)('docker, with an image that is not to be had', async () => {
    const fixtureRun = await runFixture('passing', {
      TEST_DATABASE: 'docker',
      POSTGRES_IMAGE: 'localhost:1/no-such-image:1',
    });
    await expect(fixtureRun.ready).rejects.toThrow(/Name an image it can get in POSTGRES_IMAGE/);
    expect((await fixtureRun.exit)[0]).toBe(1);
  });

  test('an engine that does not answer: a failure where Docker is demanded', async () => {
    const fixtureRun = await runFixture('passing', {
      TEST_DATABASE: 'docker',
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      HOME: fixture,
    });
    await expect(fixtureRun.ready).rejects.toThrow(/no Docker engine answers/);
  });
});
