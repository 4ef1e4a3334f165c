-- migrator: no-transaction
CREATE EXTENSION IF NOT EXISTS btree_gin;--> statement-breakpoint
CREATE INDEX CONCURRENTLY "pages_driveId_searchVector_idx" ON "pages" USING gin ("driveId","searchVector");--> statement-breakpoint
DROP INDEX CONCURRENTLY "pages_searchVector_idx";
