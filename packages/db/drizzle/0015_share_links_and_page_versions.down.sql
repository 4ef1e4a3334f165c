DROP TRIGGER "pages_keep_version" ON "pages";--> statement-breakpoint
DROP FUNCTION "keep_page_version"();--> statement-breakpoint
DROP TABLE "page_versions" CASCADE;--> statement-breakpoint
DROP TABLE "share_links" CASCADE;
