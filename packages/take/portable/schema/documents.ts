import { snakeTimestamps } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import {
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
  vector,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';

/** Components of every stored embedding. Another number is another column type: a migration. */
export const embeddingDimensions = 1536;

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** A row is one text that can be searched. */
export const documents = pgTable(
  'documents',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    title: text('title').notNull(),
    sourceUrl: text('source_url'),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    ...snakeTimestamps,
  },
  // searchChunks of documents with some metadata
  (t) => [index('documents_metadata_idx').using('gin', t.metadata.op('jsonb_path_ops'))],
);

/** A row is one passage of a document with its embedding. */
export const documentChunks = pgTable(
  'document_chunks',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    documentId: uuid('document_id').notNull(),
    chunkIndex: integer('chunk_index').notNull(),
    content: text('content').notNull(),
    /** The passage's length, which the ranking by words divides by. */
    tokenCount: integer('token_count').notNull(),
    embedding: vector('embedding', { dimensions: embeddingDimensions }).notNull(),
    embeddingModel: text('embedding_model').notNull(),
    searchVector: tsvector('search_vector').generatedAlwaysAs(
      (): SQL =>
        sql`setweight(to_tsvector('english', coalesce(${documentChunks.metadata} ->> 'heading', '')), 'A') || setweight(to_tsvector('english', ${documentChunks.content}), 'B')`,
    ),
    /** `heading`: the headings above the passage. */
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull().default({}),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'document_chunks_document_id_fkey',
      columns: [t.documentId],
      foreignColumns: [documents.id],
    }).onDelete('cascade'),
    // the chunks of a document, and deleting it
    unique('document_chunks_document_id_chunk_index_key').on(t.documentId, t.chunkIndex),
    // searchChunks by vector
    index('document_chunks_embedding_idx').using('hnsw', t.embedding.op('vector_cosine_ops')),
    // searchChunks by text
    index('document_chunks_search_vector_idx').using('gin', t.searchVector),
  ],
);

const documentFields = { metadata: () => z.record(z.string(), z.json()).optional() };
export const insertDocumentSchema = createInsertSchema(documents, documentFields);
export const selectDocumentSchema = createSelectSchema(documents);
export const updateDocumentSchema = createUpdateSchema(documents, documentFields).omit({
  id: true,
  createdAt: true,
  updatedAt: true,
});
const chunkFields = {
  embedding: () => z.array(z.number()).length(embeddingDimensions),
  metadata: () => z.record(z.string(), z.json()).optional(),
};
export const insertDocumentChunkSchema = createInsertSchema(documentChunks, chunkFields);
export const selectDocumentChunkSchema = createSelectSchema(documentChunks);
export type Document = typeof documents.$inferSelect;
export type NewDocument = typeof documents.$inferInsert;
export type DocumentChunk = typeof documentChunks.$inferSelect;
export type NewDocumentChunk = typeof documentChunks.$inferInsert;
