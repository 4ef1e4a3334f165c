DROP TRIGGER "mentions_fill_drive" ON "mentions";--> statement-breakpoint
DROP FUNCTION "fill_mention_drive"();--> statement-breakpoint
ALTER TABLE "mentions" DROP CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey";--> statement-breakpoint
ALTER TABLE "mentions" DROP COLUMN "sourceDriveId";
