-- migrator: no-transaction
CREATE INDEX CONCURRENTLY "pages_driveId_parentId_position_idx" ON "pages" USING btree ("driveId","parentId","position","id");--> statement-breakpoint
DROP INDEX CONCURRENTLY "pages_tree_idx";--> statement-breakpoint
ALTER TABLE "pages" DROP CONSTRAINT "pages_title_check";
