import {
  GenericContainer,
  Network,
  type StartedNetwork,
  type StartedTestContainer,
  Wait,
} from 'testcontainers';
import { untilItAnswers } from './container.ts';
import type { ReplicatedServer } from './postgres-server.ts';
import { currentRun } from './run.ts';

const image = process.env.POSTGRES_IMAGE ?? 'pgvector/pgvector:pg17';
const password = 'postgres';
/** The label by which the run's end removes the containers of a killed test. */
const labels = () => ({ 'local-postgres.owner': currentRun()?.owner ?? '' });

/** In two containers on a network of their own. */
export async function startReplicatedContainers(): Promise<ReplicatedServer> {
  const network = await new Network().start();
  const started: StartedTestContainer[] = [];
  try {
    const primary = await startPrimary(network);
    started.push(primary);
    await untilItAnswers(urlOf(primary));
    const replica = await startReplica(network);
    started.push(replica);
    await untilItAnswers(urlOf(replica));
    return {
      primaryUrl: urlOf(primary),
      replicaUrl: urlOf(replica),
      stop: () => stopAll(started, network),
    };
  } catch (error) {
    await stopAll(started, network);
    throw error;
  }
}

const urlOf = (container: StartedTestContainer) =>
  `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;

const startPrimary = (network: StartedNetwork) =>
  new GenericContainer(image)
    .withNetwork(network)
    .withLabels(labels())
    .withNetworkAliases('primary')
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withTmpFs({ '/var/lib/postgresql/data': 'rw' })
    .withExposedPorts(5432)
    .withCopyContentToContainer([
      {
        // "all" in pg_hba.conf does not cover replication.
        content: 'echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"\n',
        target: '/docker-entrypoint-initdb.d/replication.sh',
      },
    ])
    .withCommand(['postgres', '-c', 'fsync=off'])
    // An earlier server, which no client reaches, runs the init scripts.
    .withWaitStrategy(Wait.forListeningPorts())
    .start();

const copyAndFollow = `
mkdir -p /replica && chown postgres /replica && chmod 700 /replica
export PGPASSWORD=${password}
until gosu postgres pg_basebackup -h primary -U postgres -D /replica -R -X stream; do sleep 0.2; done
exec gosu postgres postgres -D /replica -c hot_standby=on
`;

const startReplica = (network: StartedNetwork) =>
  new GenericContainer(image)
    .withNetwork(network)
    .withLabels(labels())
    .withExposedPorts(5432)
    .withEntrypoint(['bash', '-c', copyAndFollow])
    .withWaitStrategy(
      Wait.forLogMessage(/database system is ready to accept read-only connections/),
    )
    .start();

async function stopAll(
  containers: readonly StartedTestContainer[],
  network: StartedNetwork,
): Promise<void> {
  for (const container of [...containers].reverse()) await container.stop({ remove: true });
  await network.stop();
}
