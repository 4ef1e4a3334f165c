CREATE TABLE "attempt_limits" (
	"keyHash" text PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"windowEndsAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "attempt_limits_keyHash_check" CHECK ("attempt_limits"."keyHash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "attempt_limits_attempts_check" CHECK ("attempt_limits"."attempts" >= 1)
);--> statement-breakpoint
CREATE INDEX "attempt_limits_windowEndsAt_idx" ON "attempt_limits" USING btree ("windowEndsAt");
