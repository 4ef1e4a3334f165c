-- migrator: no-transaction
-- migrator: allow backfill-unbatched: one row a file and page, and an upload to the same page waits at most for this statement
-- migrator: allow update-overwrites: the columns are new, and rows that name an uploader are left alone
-- Who uploaded what is there: the person of the last upload of as many bytes to that page.
UPDATE "file_pages" SET ("uploadedBy", "chargedBytes") = (
	SELECT "userId", "sizeDelta" FROM "storage_events", "files"
	WHERE "files"."id" = "file_pages"."fileId" AND "storage_events"."pageId" = "file_pages"."pageId"
		AND "type" = 'UPLOAD' AND "sizeDelta" = "files"."sizeBytes"
	ORDER BY "storage_events"."createdAt" DESC, "storage_events"."id" DESC LIMIT 1)
WHERE "uploadedBy" IS NULL AND EXISTS (
	SELECT 1 FROM "storage_events", "files"
	WHERE "files"."id" = "file_pages"."fileId" AND "storage_events"."pageId" = "file_pages"."pageId"
		AND "type" = 'UPLOAD' AND "sizeDelta" = "files"."sizeBytes");--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "file_pages_uploadedBy_chargedBytes_idx" ON "file_pages" USING btree ("uploadedBy","chargedBytes");--> statement-breakpoint
ALTER TABLE "file_pages" VALIDATE CONSTRAINT "file_pages_uploadedBy_fkey";--> statement-breakpoint
ALTER TABLE "file_pages" VALIDATE CONSTRAINT "file_pages_chargedBytes_check";
