import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import postgres from 'postgres';
import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { freePort } from './free-port.ts';
import type { PostgresServer } from './postgres-server.ts';
import { rehashPassword } from './rehash-password.ts';
import { currentRun } from './run.ts';
import { startSweeper } from './sweeper.ts';

export type ContainerOptions = {
  /** Keeps data over a restart, with fsync on; otherwise only in memory. Default true. */
  durable?: boolean;
  /** Server settings, as `postgres -c name=value`. */
  settings?: Record<string, string | number>;
  /** Default `POSTGRES_IMAGE`, else `pgvector/pgvector:pg17`. */
  image?: string;
  /**
   * Listens on this host's own loopback, without Docker's proxy for a published port, if possible
   * (`sharesLoopback`); otherwise the port is published. Default false.
   */
  hostNetwork?: boolean;
};

/** A server in a container of its own. */
export type PostgresContainer = PostgresServer & { image: string; id: string };

export function postgresImage(): string {
  return process.env.POSTGRES_IMAGE || 'pgvector/pgvector:pg17';
}

/**
 * Starts a container. It is removed by `remove()`, at the end of the test run, or when this process
 * dies.
 * @throws Error when no Docker engine answers or it cannot provide the image
 */
export async function startContainer(options: ContainerOptions = {}): Promise<PostgresContainer> {
  const run = currentRun();
  const owner = run?.owner ?? newOwner();
  const sweeper = run ? undefined : startSweeper({ owner, docker: true });
  try {
    const container = await launch(owner, options);
    return {
      ...container,
      async remove() {
        await container.remove();
        await sweeper?.sweep();
      },
    };
  } catch (error) {
    await sweeper?.sweep();
    throw error;
  }
}

/** @internal also used by the global setup, whose run is not yet published */
export async function launch(
  owner: string,
  { durable = true, settings = {}, image = postgresImage(), hostNetwork = false }: ContainerOptions,
): Promise<PostgresContainer> {
  const defaults = durable
    ? {}
    : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const ownPort = hostNetwork && (await sharesLoopback()) ? await freePort() : undefined;
  const address = ownPort ? { port: ownPort, listen_addresses: '127.0.0.1' } : {};
  const parameters = Object.entries({
    max_connections: 200,
    ...defaults,
    ...address,
    ...settings,
  });
  // Not PostgreSqlContainer, because its health check starts a process in the container four times
  // a second.
  const definition = new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withStartupTimeout(120_000)
    .withLabels({ 'local-postgres.owner': owner })
    .withSharedMemorySize(256 * 1024 * 1024)
    .withCommand([
      'postgres',
      ...parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]);
  if (!durable) definition.withTmpFs({ '/var/lib/postgresql/data': 'rw' });
  if (ownPort) {
    definition.withNetworkMode('host').withWaitStrategy(Wait.forLogMessage(/ready to accept/));
  } else {
    // A port that Docker chooses changes over a restart; one that we choose does not.
    definition
      .withExposedPorts(durable ? { container: 5432, host: await freePort() } : 5432)
      .withWaitStrategy(Wait.forListeningPorts());
  }
  const started = await definition.start();
  const host = ownPort
    ? `127.0.0.1:${ownPort}`
    : `${started.getHost()}:${started.getMappedPort(5432)}`;
  const url = `postgres://postgres:postgres@${host}/postgres`;
  await untilItAnswers(url);
  if (!durable) await rehashPassword(url);
  const runtime = await getContainerRuntimeClient();
  const handle = runtime.container.getById(started.getId());
  return {
    url,
    image,
    id: started.getId(),
    kill: async () => void (await handle.kill()),
    stop: async () => void (await handle.stop({ t: 10 })),
    start: async () => void (await handle.start()),
    restart: async () => void (await handle.restart({ t: 10 })),
    pause: async () => void (await handle.pause()),
    unpause: async () => void (await handle.unpause()),
    crashes: async () => {
      const log = await handle.logs({ stdout: true, stderr: true });
      return log
        .toString('utf8')
        .split('\n')
        .map((line) => line.replace(/^[^0-9]+/, ''))
        .filter((line) => /PANIC|was terminated by signal/.test(line));
    },
    remove: async () => void (await handle.remove({ force: true, v: true })),
  };
}

/**
 * Tells whether a container on the host's network has this process's loopback: not in a virtual
 * machine, on another host or under a rootless engine, which has its own network.
 */
export async function sharesLoopback(): Promise<boolean> {
  const { info, container } = await getContainerRuntimeClient();
  const { host, operatingSystem } = info.containerRuntime;
  if (process.platform !== 'linux' || host !== 'localhost') return false;
  const { SecurityOptions = [] }: { SecurityOptions?: string[] } = await container.dockerode.info();
  const isRootless = SecurityOptions.some((option) => option.includes('rootless'));
  return !isRootless && !operatingSystem.includes('Docker Desktop');
}

/**
 * Waits until a server answers a query, a minute at most. A published port accepts connections before the
 * server behind it does, and the image's server answers over TCP only after its init scripts have run.
 *
 * @throws the error of the last attempt
 */
export async function untilItAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await setTimeout(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

/** The reason why no Docker engine is available, or undefined if one answers. */
export async function whyNoDocker(): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function newOwner(): string {
  return randomBytes(6).toString('hex');
}
