DROP VIEW "activity_logs";--> statement-breakpoint
CREATE TABLE "activity_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"actorId" text,
	"action" text NOT NULL,
	"driveId" text,
	"pageId" text,
	"targetUserId" text,
	"before" jsonb,
	"after" jsonb,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "attempt_limits" (
	"keyHash" text PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"windowEndsAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "attempt_limits_keyHash_check" CHECK ("attempt_limits"."keyHash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "attempt_limits_attempts_check" CHECK ("attempt_limits"."attempts" >= 1)
);--> statement-breakpoint
CREATE INDEX "activity_logs_createdAt_idx" ON "activity_logs" USING brin ("createdAt");--> statement-breakpoint
CREATE INDEX "activity_logs_driveId_createdAt_idx" ON "activity_logs" USING btree ("driveId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_pageId_createdAt_idx" ON "activity_logs" USING btree ("pageId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_actorId_createdAt_idx" ON "activity_logs" USING btree ("actorId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_targetUserId_createdAt_idx" ON "activity_logs" USING btree ("targetUserId","createdAt","id");--> statement-breakpoint
CREATE INDEX "attempt_limits_windowEndsAt_idx" ON "attempt_limits" USING btree ("windowEndsAt");--> statement-breakpoint
INSERT INTO "activity_logs" ("id", "actorId", "action", "driveId", "pageId", "targetUserId", "before", "after", "createdAt", "updatedAt")
	SELECT "e"."id",
		coalesce((SELECT "p"."userId" FROM "audit_pseudonyms" "p" WHERE "p"."pseudonym" = "e"."actorId"), "e"."actorId"),
		"e"."action", "e"."driveId", "e"."pageId",
		coalesce((SELECT "p"."userId" FROM "audit_pseudonyms" "p" WHERE "p"."pseudonym" = "e"."targetUserId"), "e"."targetUserId"),
		"e"."before", "e"."after", "e"."createdAt", "e"."createdAt"
	FROM "audit_entries" "e" WHERE "e"."action" NOT LIKE 'audit.%';--> statement-breakpoint
DROP TABLE "audit_entries" CASCADE;--> statement-breakpoint
DROP TABLE "audit_heads" CASCADE;--> statement-breakpoint
DROP TABLE "audit_pseudonyms" CASCADE;--> statement-breakpoint
DROP FUNCTION "audit_chain_entry"();--> statement-breakpoint
DROP FUNCTION "audit_keep_entry"();--> statement-breakpoint
DROP FUNCTION "audit_record_redaction"();--> statement-breakpoint
DROP FUNCTION "audit_keep_head"();--> statement-breakpoint
DROP FUNCTION "audit_record_pruning"();--> statement-breakpoint
DROP FUNCTION "audit_sha256"(text[]);--> statement-breakpoint
DROP FUNCTION "audit_field"(text);--> statement-breakpoint
DROP FUNCTION "audit_millis"(timestamp with time zone);
