ALTER TABLE "page_views" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "connections" DROP CONSTRAINT "connections_sideBlockedAt_check";--> statement-breakpoint
DROP TABLE "page_views" CASCADE;--> statement-breakpoint
ALTER TABLE "connections" DROP COLUMN "user1BlockedAt";--> statement-breakpoint
ALTER TABLE "connections" DROP COLUMN "user2BlockedAt";--> statement-breakpoint
CREATE INDEX "pages_driveId_lastViewedAt_idx" ON "pages" USING btree ("driveId","lastViewedAt","id") WHERE "pages"."lastViewedAt" is not null and not "pages"."isTrashed";
