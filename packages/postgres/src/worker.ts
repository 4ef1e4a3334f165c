// Functions for a worker, a deployment or the operator: they find a connection by its id alone,
// open tokens in clear and store a vendor's data. Do not import them in code that serves requests.
export {
  type GithubDocument,
  type IngestSummary,
  ingestGithubDocuments,
} from './connectors/github/ingest.ts';
export * from './queries/connections.worker.ts';
export type { UpsertResult } from './queries/entity/upsert.ts';
export * from './queries/oauth-tokens.worker.ts';
export * from './queries/providers.worker.ts';
export * from './queries/sync.worker.ts';
export * from './queries/vendors/upserts.worker.ts';
