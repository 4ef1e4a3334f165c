CREATE TYPE "public"."StorageEventType" AS ENUM('UPLOAD', 'DELETE', 'UPDATE', 'RECONCILE');--> statement-breakpoint
CREATE TABLE "file_pages" (
	"fileId" text NOT NULL,
	"pageId" text NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "file_pages_pkey" PRIMARY KEY("fileId","pageId")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"contentHash" text NOT NULL,
	"sizeBytes" bigint NOT NULL,
	"mimeType" text NOT NULL,
	"storagePath" text NOT NULL,
	"createdBy" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "files_sizeBytes_check" CHECK ("files"."sizeBytes" >= 0),
	CONSTRAINT "files_contentHash_check" CHECK ("files"."contentHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "storage_events" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"pageId" text,
	"type" "StorageEventType" NOT NULL,
	"sizeDelta" bigint NOT NULL,
	"totalAfter" bigint NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "storage_events_totalAfter_check" CHECK ("storage_events"."totalAfter" >= 0)
);
--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_createdBy_fkey" FOREIGN KEY ("createdBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "storage_events" ADD CONSTRAINT "storage_events_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "storage_events" ADD CONSTRAINT "storage_events_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "file_pages_pageId_createdAt_idx" ON "file_pages" USING btree ("pageId","createdAt","fileId");--> statement-breakpoint
CREATE UNIQUE INDEX "files_contentHash_key" ON "files" USING btree ("contentHash");--> statement-breakpoint
CREATE INDEX "files_createdBy_idx" ON "files" USING btree ("createdBy");--> statement-breakpoint
CREATE INDEX "files_createdAt_idx" ON "files" USING btree ("createdAt","id");--> statement-breakpoint
CREATE INDEX "storage_events_userId_createdAt_idx" ON "storage_events" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE INDEX "storage_events_userId_sizeDelta_idx" ON "storage_events" USING btree ("userId","sizeDelta");--> statement-breakpoint
CREATE INDEX "storage_events_pageId_idx" ON "storage_events" USING btree ("pageId");