-- migrator: no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mentions_targetUserId_createdAt_idx" ON "mentions" USING btree ("targetUserId","createdAt","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mentions_targetPageId_createdAt_idx" ON "mentions" USING btree ("targetPageId","createdAt","id");--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_sourcePageId_fkey" FOREIGN KEY ("sourcePageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "mentions" VALIDATE CONSTRAINT "mentions_sourcePageId_fkey";--> statement-breakpoint
ALTER TABLE "mentions" ALTER COLUMN "sourceDriveId" DROP NOT NULL;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "mentions_targetUserId_sourceDriveId_createdAt_idx";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "mentions_targetPageId_sourceDriveId_createdAt_idx";
