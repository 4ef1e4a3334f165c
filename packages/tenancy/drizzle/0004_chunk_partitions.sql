-- Hash partitions by tenant: a small vector index each, so that one large tenant does not crowd a small
-- one's neighbours out of an index scan. The application has no right on a partition, and row security
-- without a policy refuses one that is granted by mistake.
-- STORAGE PLAIN keeps the vector in the row: reading it for an exact search costs a third.
-- FORCE is lifted first, for it hides the rows from the owner that moves them.
ALTER TABLE "document_chunks" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "document_chunks" RENAME TO "document_chunks_replaced";--> statement-breakpoint
ALTER TABLE "document_chunks_replaced" RENAME CONSTRAINT "document_chunks_pkey" TO "document_chunks_pkey_replaced";--> statement-breakpoint
ALTER TABLE "document_chunks_replaced" RENAME CONSTRAINT "document_chunks_tenant_id_document_id_chunk_index_key" TO "document_chunks_position_replaced";--> statement-breakpoint
ALTER INDEX "document_chunks_embedding_idx" RENAME TO "document_chunks_embedding_idx_replaced";--> statement-breakpoint
ALTER INDEX "document_chunks_search_vector_idx" RENAME TO "document_chunks_search_vector_idx_replaced";--> statement-breakpoint
CREATE TABLE "document_chunks" (
	"tenant_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"document_id" uuid NOT NULL,
	"chunk_index" integer NOT NULL,
	"content" text NOT NULL,
	"token_count" integer NOT NULL,
	"embedding" vector(1536) STORAGE PLAIN NOT NULL,
	"embedding_model" text NOT NULL,
	"next_embedding" vector(1536),
	"next_embedding_model" text,
	"search_vector" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', coalesce("metadata" ->> 'heading', '')), 'A') || setweight(to_tsvector('english', "content"), 'B')) STORED,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_chunks_pkey" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "document_chunks_tenant_id_document_id_chunk_index_key" UNIQUE("tenant_id","document_id","chunk_index"),
	CONSTRAINT "document_chunks_next_embedding_with_model" CHECK (("next_embedding" is null) = ("next_embedding_model" is null)),
	CONSTRAINT "document_chunks_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade,
	CONSTRAINT "document_chunks_document_id_fkey" FOREIGN KEY ("tenant_id","document_id") REFERENCES "public"."documents"("tenant_id","id") ON DELETE cascade
) PARTITION BY HASH ("tenant_id");--> statement-breakpoint
DO $$
BEGIN
	FOR i IN 0..15 LOOP
		EXECUTE format('CREATE TABLE document_chunks_p%s PARTITION OF document_chunks FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (toast_tuple_target = 8160)', lpad(i::text, 2, '0'), i);
		EXECUTE format('ALTER TABLE document_chunks_p%s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', lpad(i::text, 2, '0'));
	END LOOP;
END
$$;--> statement-breakpoint
INSERT INTO "document_chunks" ("tenant_id", "id", "document_id", "chunk_index", "content", "token_count", "embedding", "embedding_model", "next_embedding", "next_embedding_model", "metadata", "created_at", "updated_at")
SELECT "tenant_id", "id", "document_id", "chunk_index", "content", "token_count", "embedding", "embedding_model", "next_embedding", "next_embedding_model", "metadata", "created_at", "updated_at" FROM "document_chunks_replaced";--> statement-breakpoint
DROP TABLE "document_chunks_replaced";--> statement-breakpoint
CREATE INDEX "document_chunks_embedding_idx" ON "document_chunks" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "document_chunks_search_vector_idx" ON "document_chunks" USING gin ("search_vector");--> statement-breakpoint
ALTER TABLE "document_chunks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "document_chunks" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "document_chunks_tenant_isolation" ON "document_chunks" AS PERMISSIVE FOR ALL TO "tenancy_app" USING ("tenant_id" = nullif(current_setting('app.tenant_id', true), '')::uuid) WITH CHECK ("tenant_id" = nullif(current_setting('app.tenant_id', true), '')::uuid);--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "document_chunks" TO "tenancy_app";
