DROP TRIGGER "file_pages_release_storage" ON "file_pages";--> statement-breakpoint
DROP FUNCTION "release_storage"();--> statement-breakpoint
ALTER TABLE "file_pages" DROP CONSTRAINT "file_pages_chargedBytes_check";--> statement-breakpoint
ALTER TABLE "file_pages" DROP CONSTRAINT "file_pages_uploadedBy_fkey";--> statement-breakpoint
ALTER TABLE "file_pages" DROP COLUMN "uploadedBy";--> statement-breakpoint
ALTER TABLE "file_pages" DROP COLUMN "chargedBytes";
