-- migrator: no-transaction
ALTER TABLE "pages" ADD CONSTRAINT "pages_title_check" CHECK (char_length("pages"."title") <= 500) NOT VALID;--> statement-breakpoint
ALTER TABLE "pages" VALIDATE CONSTRAINT "pages_title_check";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "pages_tree_idx" ON "pages" USING btree ("driveId","parentId","position","id","isTrashed","type","title");--> statement-breakpoint
DROP INDEX CONCURRENTLY "pages_driveId_parentId_position_idx";
