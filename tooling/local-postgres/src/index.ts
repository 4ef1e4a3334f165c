export { capabilities } from './capabilities.ts';
export {
  type ContainerOptions,
  type PostgresContainer,
  startContainer,
  untilItAnswers,
} from './container.ts';
export { type Embedded, startEmbedded } from './embedded.ts';
export type { PostgresServer, ReplicatedServer } from './postgres-server.ts';
export { startReplicatedServer } from './replicated-server.ts';
export { currentRun, publishRun, type Run } from './run.ts';
export { startServer } from './server.ts';
export {
  createTestDatabase,
  type Migrate,
  type TestDatabase,
  type TestDatabaseOptions,
} from './test-database.ts';
export {
  type CollationRehearsal,
  type CollationRepair,
  rehearseCollationRepair,
} from './text-order.ts';
