-- migrator: no-transaction
ALTER TABLE "mentions" DROP CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey";--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey" FOREIGN KEY ("sourceDriveId","sourcePageId") REFERENCES "public"."pages"("driveId","id") ON DELETE cascade ON UPDATE no action NOT VALID;
