-- migrator: no-transaction
-- The drive of each earlier mention, 5,000 rows at a time, each batch committed.
DO $$ DECLARE "last" tid := '(0,0)'; "next" tid; "stop" tid; BEGIN
	-- Rows that are written move behind the last one and are not met again.
	SELECT max(ctid) INTO "stop" FROM "mentions";
	LOOP
		SELECT max(ctid) INTO "next" FROM (
			SELECT ctid FROM "mentions" WHERE ctid > "last" AND ctid <= "stop" ORDER BY ctid LIMIT 5000) "batch";
		EXIT WHEN "next" IS NULL;
		UPDATE "mentions" SET "sourceDriveId" = "pages"."driveId" FROM "pages"
			WHERE "mentions".ctid > "last" AND "mentions".ctid <= "next" AND "sourceDriveId" IS NULL
				AND "pages"."id" = "sourcePageId";
		COMMIT;
		"last" := "next";
	END LOOP;
END $$;--> statement-breakpoint
ALTER TABLE "mentions" VALIDATE CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey";
