export { hotQueries } from './hot-queries.ts';
export { migrationsFolder } from './migrations-folder.ts';
export {
  closePostgresConnection,
  configurePostgres,
  createPostgresClient,
  getPostgresClient,
  type PostgresClient,
  type PostgresConfig,
} from './postgres.client.ts';
export * from './queries/index.ts';
export * from './schemas/index.ts';
