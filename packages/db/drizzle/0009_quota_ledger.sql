ALTER TABLE "file_pages" ADD COLUMN "uploadedBy" text;--> statement-breakpoint
ALTER TABLE "file_pages" ADD COLUMN "chargedBytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_uploadedBy_fkey" FOREIGN KEY ("uploadedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "file_pages" ADD CONSTRAINT "file_pages_chargedBytes_check" CHECK ("file_pages"."chargedBytes" >= 0) NOT VALID;--> statement-breakpoint
-- Gives the bytes of deleted rows back to who was charged, also when the rows go with their page. The
-- people are locked in one order, as by an upload. A page that goes in the same statement is not named.
-- Nobody's total falls below zero, also if it was wrong before.
CREATE FUNCTION "release_storage"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM "users"
		WHERE "id" IN (SELECT "uploadedBy" FROM "gone" WHERE "chargedBytes" > 0)
		ORDER BY "id" FOR NO KEY UPDATE;
	INSERT INTO "storage_events" ("id", "userId", "pageId", "type", "sizeDelta", "totalAfter", "createdAt", "updatedAt")
	SELECT
		-- In the form of a CUID2.
		's' || left(replace(gen_random_uuid()::text, '-', ''), 23),
		"released"."uploadedBy", "pages"."id", 'DELETE',
		greatest("ledger"."used" - "released"."chargedSoFar", 0)
			- greatest("ledger"."used" - "released"."chargedSoFar" + "released"."chargedBytes", 0),
		greatest("ledger"."used" - "released"."chargedSoFar", 0),
		"ledger"."at" + "released"."place" * interval '1 ms', clock_timestamp()
	FROM (
		SELECT "uploadedBy", "pageId", "chargedBytes",
			sum("chargedBytes") OVER "charged" AS "chargedSoFar",
			row_number() OVER "charged" AS "place"
		FROM "gone" WHERE "chargedBytes" > 0
		WINDOW "charged" AS (PARTITION BY "uploadedBy" ORDER BY "fileId", "pageId" ROWS UNBOUNDED PRECEDING)
	) "released"
	JOIN "users" ON "users"."id" = "released"."uploadedBy"
	LEFT JOIN "pages" ON "pages"."id" = "released"."pageId"
	CROSS JOIN LATERAL (
		SELECT coalesce(sum("sizeDelta"), 0) AS "used",
			greatest(clock_timestamp()::timestamp (3) with time zone, max("createdAt")) AS "at"
		FROM "storage_events" WHERE "userId" = "users"."id"
	) "ledger";
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "file_pages_release_storage" AFTER DELETE ON "file_pages"
	REFERENCING OLD TABLE AS "gone" FOR EACH STATEMENT EXECUTE FUNCTION "release_storage"();
