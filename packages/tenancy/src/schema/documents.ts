import { snakeTimestamps } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import {
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
  vector,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { tenantIsolation } from './isolation.ts';
import { type Metadata, metadataSchema } from './metadata.ts';
import { tenants } from './tenants.ts';

/**
 * Components of every stored embedding. Another number is another column type, and needs a
 * migration.
 */
export const embeddingDimensions = 1536;

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const documentSource = pgEnum('document_source', ['upload', 'url', 'connector']);
export const documentStatus = pgEnum('document_status', [
  'pending',
  'processing',
  'ready',
  'failed',
]);

/** A row is one text that a tenant has added for retrieval. */
export const documents = pgTable(
  'documents',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    title: text('title').notNull(),
    source: documentSource('source').notNull(),
    /** The text's source. Adding the same address again replaces the document's chunks. */
    sourceUrl: text('source_url'),
    mimeType: text('mime_type'),
    /** SHA-256 of the text, hex. */
    contentHash: text('content_hash').notNull(),
    status: documentStatus('status').notNull().default('pending'),
    /** Why the last attempt failed; null unless `status` is failed. */
    error: text('error'),
    chunkCount: integer('chunk_count').notNull().default(0),
    metadata: jsonb('metadata').$type<Metadata>().notNull().default({}),
    ...snakeTimestamps,
  },
  (t) => [
    primaryKey({ name: 'documents_pkey', columns: [t.tenantId, t.id] }),
    foreignKey({
      name: 'documents_tenant_id_fkey',
      columns: [t.tenantId],
      foreignColumns: [tenants.id],
    }).onDelete('cascade'),
    // addDocument: finding a seen text
    unique('documents_tenant_id_content_hash_key').on(t.tenantId, t.contentHash),
    // addDocument: finding a seen address
    uniqueIndex('documents_tenant_id_source_url_key').on(t.tenantId, t.sourceUrl),
    // listDocuments, read backwards
    index('documents_tenant_id_created_at_id_idx').on(t.tenantId, t.createdAt, t.id),
    // listDocuments of one status other than ready. Partial, not keyed by status: under row security
    // an enum's `=`, which is not leakproof, is no index condition.
    index('documents_unfinished_tenant_id_created_at_id_idx')
      .on(t.tenantId, t.createdAt, t.id)
      .where(sql`${t.status} <> 'ready'`),
    check('documents_error_of_failed', sql`(${t.status} = 'failed') = (${t.error} is not null)`),
    tenantIsolation('documents', t.tenantId),
  ],
);

/** The splitter's facts about a chunk; a caller may add more. */
export const chunkMetadataSchema = z.looseObject({
  /** The headings above the chunk, outermost first, joined by " > ". */
  heading: z.string().optional(),
});
export type ChunkMetadata = z.output<typeof chunkMetadataSchema>;

/**
 * A row is one passage of a document with its embedding. Hash-partitioned by tenant_id (in a custom migration,
 * because Drizzle cannot declare it), so that each partition has a small vector index of its own.
 */
export const documentChunks = pgTable(
  'document_chunks',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    documentId: uuid('document_id').notNull(),
    chunkIndex: integer('chunk_index').notNull(),
    content: text('content').notNull(),
    tokenCount: integer('token_count').notNull(),
    embedding: vector('embedding', { dimensions: embeddingDimensions }).notNull(),
    embeddingModel: text('embedding_model').notNull(),
    /** While the tenant moves to another model: the embedding that will replace `embedding`. */
    nextEmbedding: vector('next_embedding', { dimensions: embeddingDimensions }),
    nextEmbeddingModel: text('next_embedding_model'),
    searchVector: tsvector('search_vector').generatedAlwaysAs(
      (): SQL =>
        sql`setweight(to_tsvector('english', coalesce(${documentChunks.metadata} ->> 'heading', '')), 'A') || setweight(to_tsvector('english', ${documentChunks.content}), 'B')`,
    ),
    metadata: jsonb('metadata').$type<ChunkMetadata>().notNull().default({}),
    ...snakeTimestamps,
  },
  (t) => [
    primaryKey({ name: 'document_chunks_pkey', columns: [t.tenantId, t.id] }),
    foreignKey({
      name: 'document_chunks_tenant_id_fkey',
      columns: [t.tenantId],
      foreignColumns: [tenants.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'document_chunks_document_id_fkey',
      columns: [t.tenantId, t.documentId],
      foreignColumns: [documents.tenantId, documents.id],
    }).onDelete('cascade'),
    // listChunks
    unique('document_chunks_tenant_id_document_id_chunk_index_key').on(
      t.tenantId,
      t.documentId,
      t.chunkIndex,
    ),
    // searchChunks by vector
    index('document_chunks_embedding_idx').using('hnsw', t.embedding.op('vector_cosine_ops')),
    // searchChunks by text
    index('document_chunks_search_vector_idx').using('gin', t.searchVector),
    check(
      'document_chunks_next_embedding_with_model',
      sql`(${t.nextEmbedding} is null) = (${t.nextEmbeddingModel} is null)`,
    ),
    tenantIsolation('document_chunks', t.tenantId),
  ],
);

export type Document = typeof documents.$inferSelect;
export type NewDocument = typeof documents.$inferInsert;
export type DocumentChunk = typeof documentChunks.$inferSelect;
export type NewDocumentChunk = typeof documentChunks.$inferInsert;

/** A vector that the column can hold: finite in 32 bits, and not zero. */
const embeddingSchema = z
  .array(z.number().refine((value) => Number.isFinite(Math.fround(value)), 'is beyond 32 bits'))
  .length(embeddingDimensions)
  .refine((vector) => vector.some((value) => Math.fround(value) !== 0), 'is a zero vector');

export const documentSelectSchema = createSelectSchema(documents);
export const documentInsertSchema = createInsertSchema(documents, {
  title: (schema) => schema.trim().min(1).max(1000),
  contentHash: (schema) => schema.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex'),
  metadata: metadataSchema.optional(),
}).omit({ tenantId: true, id: true, createdAt: true, updatedAt: true });
export const documentUpdateSchema = createUpdateSchema(documents, {
  title: (schema) => schema.trim().min(1).max(1000),
  metadata: metadataSchema.optional(),
}).pick({ title: true, metadata: true });
export const documentChunkSelectSchema = createSelectSchema(documentChunks);
export const documentChunkInsertSchema = createInsertSchema(documentChunks, {
  chunkIndex: (schema) => schema.nonnegative(),
  tokenCount: (schema) => schema.nonnegative(),
  embedding: embeddingSchema,
  nextEmbedding: embeddingSchema.nullish(),
  metadata: chunkMetadataSchema.optional(),
}).omit({ tenantId: true, id: true, createdAt: true, updatedAt: true });
