CREATE TABLE "page_versions" (
	"pageId" text NOT NULL,
	"revision" integer NOT NULL,
	"title" text NOT NULL,
	"patch" jsonb,
	"content" text,
	"contentHash" text NOT NULL,
	"replacedBy" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "page_versions_pkey" PRIMARY KEY("pageId","revision"),
	CONSTRAINT "page_versions_content_check" CHECK (("page_versions"."patch" is null) <> ("page_versions"."content" is null)),
	CONSTRAINT "page_versions_contentHash_check" CHECK ("page_versions"."contentHash" ~ '^[0-9a-f]{64}$')
);--> statement-breakpoint
CREATE TABLE "share_links" (
	"id" text PRIMARY KEY NOT NULL,
	"pageId" text NOT NULL,
	"createdBy" text NOT NULL,
	"tokenHash" text NOT NULL,
	"tokenPrefix" text NOT NULL,
	"name" text,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"maxUses" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"lastUsedAt" timestamp (3) with time zone,
	"revokedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "share_links_uses_check" CHECK ("share_links"."uses" >= 0 and "share_links"."uses" <= coalesce("share_links"."maxUses", "share_links"."uses")),
	CONSTRAINT "share_links_maxUses_check" CHECK ("share_links"."maxUses" >= 1),
	CONSTRAINT "share_links_tokenHash_check" CHECK ("share_links"."tokenHash" ~ '^[0-9a-f]{64}$')
);--> statement-breakpoint
ALTER TABLE "page_versions" ADD CONSTRAINT "page_versions_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_versions" ADD CONSTRAINT "page_versions_replacedBy_fkey" FOREIGN KEY ("replacedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share_links" ADD CONSTRAINT "share_links_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share_links" ADD CONSTRAINT "share_links_createdBy_fkey" FOREIGN KEY ("createdBy") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "page_versions_createdAt_idx" ON "page_versions" USING btree ("createdAt","pageId","revision");--> statement-breakpoint
CREATE INDEX "page_versions_replacedBy_idx" ON "page_versions" USING btree ("replacedBy");--> statement-breakpoint
CREATE UNIQUE INDEX "share_links_tokenHash_key" ON "share_links" USING btree ("tokenHash");--> statement-breakpoint
CREATE INDEX "share_links_pageId_createdAt_idx" ON "share_links" USING btree ("pageId","createdAt","id");--> statement-breakpoint
CREATE INDEX "share_links_createdBy_idx" ON "share_links" USING btree ("createdBy");--> statement-breakpoint
-- A change of title or content that kept no version itself keeps what it replaces, whole: an import, or a
-- statement by hand. So the versions before it stay readable.
CREATE FUNCTION "keep_page_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "page_versions" ("pageId", "revision", "title", "content", "contentHash", "createdAt", "updatedAt")
		VALUES (OLD."id", OLD."revision", OLD."title", OLD."content",
			encode(sha256(convert_to(OLD."content", 'UTF8')), 'hex'), clock_timestamp(), clock_timestamp())
		ON CONFLICT ("pageId", "revision") DO NOTHING;
	NEW."revision" := greatest(NEW."revision", OLD."revision" + 1);
	RETURN NEW;
END
$$;--> statement-breakpoint
-- OF: an update that names neither column does not read the content.
CREATE TRIGGER "pages_keep_version" BEFORE UPDATE OF "title", "content" ON "pages" FOR EACH ROW
	WHEN (OLD."title" IS DISTINCT FROM NEW."title" OR OLD."content" IS DISTINCT FROM NEW."content")
	EXECUTE FUNCTION "keep_page_version"();
