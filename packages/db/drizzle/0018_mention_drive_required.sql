-- migrator: no-transaction
-- migrator: allow set-not-null: the check above it is validated, so nothing is scanned, and a trigger fills the column for the release before
-- migrator: allow drop-constraint: the key of both columns guards the same rows, and was validated by the migration before
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mentions_targetPageId_sourceDriveId_createdAt_idx" ON "mentions" USING btree ("targetPageId","sourceDriveId","createdAt","id");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mentions_targetUserId_sourceDriveId_createdAt_idx" ON "mentions" USING btree ("targetUserId","sourceDriveId","createdAt","id");--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_sourceDriveId_check" CHECK ("sourceDriveId" IS NOT NULL) NOT VALID;--> statement-breakpoint
ALTER TABLE "mentions" VALIDATE CONSTRAINT "mentions_sourceDriveId_check";--> statement-breakpoint
ALTER TABLE "mentions" ALTER COLUMN "sourceDriveId" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "mentions" DROP CONSTRAINT "mentions_sourceDriveId_check";--> statement-breakpoint
ALTER TABLE "mentions" DROP CONSTRAINT "mentions_sourcePageId_fkey";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "mentions_targetPageId_createdAt_idx";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "mentions_targetUserId_createdAt_idx";
