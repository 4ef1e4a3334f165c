-- migrator: no-transaction
CREATE INDEX CONCURRENTLY "pages_searchVector_idx" ON "pages" USING gin ("searchVector");--> statement-breakpoint
DROP INDEX CONCURRENTLY "pages_driveId_searchVector_idx";--> statement-breakpoint
DROP EXTENSION IF EXISTS btree_gin;
