-- migrator: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS "file_pages_uploadedBy_chargedBytes_idx";--> statement-breakpoint
ALTER TABLE "file_pages" DROP CONSTRAINT "file_pages_uploadedBy_fkey";--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_uploadedBy_fkey" FOREIGN KEY ("uploadedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "file_pages" DROP CONSTRAINT "file_pages_chargedBytes_check";--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_chargedBytes_check" CHECK ("file_pages"."chargedBytes" >= 0) NOT VALID;
