export { distribute, distributeStatement } from './cluster/distribute.ts';
export {
  type DistributedTable,
  distributionObstacles,
  distributionPlan,
  type Obstacle,
} from './cluster/distribution.ts';
export type { GuardOptions } from './cluster/node-guard.ts';
export { type ClusterProblem, clusterProblems } from './cluster/problems.ts';
export { aiSdkEmbedder } from './embedders/ai-sdk.ts';
export { type Embedder, EmbeddingError } from './embedders/embedder.ts';
export { hashingEmbedder } from './embedders/hashing.ts';
export { getEmbeddingModel } from './embedders/tenant-model.ts';
export { hotQueries } from './hot-queries.ts';
export {
  type AddDocumentOptions,
  type AddedDocument,
  addDocument,
} from './ingestion/add-document.ts';
export type { DocumentInput } from './ingestion/document-input.ts';
export { type IngestedFile, ingestFolder } from './ingestion/ingest-folder.ts';
export { reembedTenant } from './ingestion/reembed.ts';
export { type Passage, type SplitOptions, splitMarkdown } from './ingestion/split-markdown.ts';
export { migrationsFolder } from './migrations.ts';
export * from './queries/conversations.ts';
export { deleteTenant } from './queries/delete-tenant.ts';
export {
  type ChunkSummary,
  deleteDocument,
  getDocument,
  listChunks,
  listDocuments,
  updateDocument,
} from './queries/documents.ts';
export { type ExportedRow, exportTenant } from './queries/export-tenant.ts';
export type { HotQuery, PlanSample } from './queries/hot-query.ts';
export * from './queries/messages.ts';
export { eraseUser, exportUser, personalPlan, requireErasable } from './queries/personal-data.ts';
export {
  type SearchHit,
  type SearchParams,
  type SearchQuery,
  searchChunks,
} from './queries/search.ts';
export * from './queries/tenants.ts';
export * from './queries/users.ts';
export { readTenant, type WalPosition, walPosition } from './replicas.ts';
export * from './schema/index.ts';
export type { SearchFilter } from './search/filter.ts';
export type { Segment } from './search/highlight.ts';
export { embedQuery, searchTenant } from './search/search.ts';
export { createTenancy, type Tenancy, type TenancyConfig } from './tenancy.ts';
export { tenantIdOf } from './tenant-id.ts';
export { type TenancySchema, TenantTx } from './tenant-tx.ts';
export { type TenantTransactionOptions, withTenant } from './with-tenant.ts';
