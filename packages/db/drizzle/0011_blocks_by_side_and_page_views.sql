-- migrator: allow backfill-in-ddl-transaction: only the blocks, a few rows
-- migrator: allow drop-index-blocking: nothing reads by it any more, and the lock is held for a moment
-- migrator: allow add-constraint-validated: one row a pair of people
-- migrator: allow update-overwrites: the columns are new
CREATE TABLE "page_views" (
	"userId" text NOT NULL,
	"pageId" text NOT NULL,
	"viewedAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "page_views_pkey" PRIMARY KEY("userId","pageId")
);--> statement-breakpoint
DROP INDEX "pages_driveId_lastViewedAt_idx";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "user1BlockedAt" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "user2BlockedAt" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "page_views" ADD CONSTRAINT "page_views_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_views" ADD CONSTRAINT "page_views_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "page_views_userId_viewedAt_idx" ON "page_views" USING btree ("userId","viewedAt","pageId");--> statement-breakpoint
CREATE INDEX "page_views_pageId_idx" ON "page_views" USING btree ("pageId");--> statement-breakpoint
UPDATE "connections" SET
	"user1BlockedAt" = CASE WHEN "blockedBy" = "user1Id" THEN "blockedAt" END,
	"user2BlockedAt" = CASE WHEN "blockedBy" = "user1Id" THEN NULL ELSE "blockedAt" END
WHERE "status" = 'BLOCKED';--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_sideBlockedAt_check" CHECK (("connections"."status" = 'BLOCKED') = (num_nonnulls("connections"."user1BlockedAt", "connections"."user2BlockedAt") > 0));
