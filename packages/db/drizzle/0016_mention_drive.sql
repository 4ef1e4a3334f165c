ALTER TABLE "mentions" ADD COLUMN "sourceDriveId" text;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey" FOREIGN KEY ("sourceDriveId","sourcePageId") REFERENCES "public"."pages"("driveId","id") ON DELETE cascade ON UPDATE no action NOT VALID;--> statement-breakpoint
-- The drive of the page that mentions, for a release that does not write it.
CREATE FUNCTION "fill_mention_drive"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW."sourceDriveId" := (SELECT "driveId" FROM "pages" WHERE "id" = NEW."sourcePageId");
	RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "mentions_fill_drive" BEFORE INSERT ON "mentions" FOR EACH ROW
	WHEN (NEW."sourceDriveId" IS NULL) EXECUTE FUNCTION "fill_mention_drive"();
