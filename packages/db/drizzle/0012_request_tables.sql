CREATE TABLE "cron_jobs" (
	"name" text PRIMARY KEY NOT NULL,
	"dueAt" timestamp (3) with time zone NOT NULL,
	"startedAt" timestamp (3) with time zone NOT NULL,
	"finishedAt" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"lastError" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cron_jobs_failures_check" CHECK ("cron_jobs"."failures" >= 0)
);--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"keyHash" text NOT NULL,
	"requestHash" text NOT NULL,
	"answer" jsonb,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("scope","keyHash"),
	CONSTRAINT "idempotency_keys_keyHash_check" CHECK ("idempotency_keys"."keyHash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "idempotency_keys_requestHash_check" CHECK ("idempotency_keys"."requestHash" ~ '^[0-9a-f]{64}$')
);--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"keyHash" text NOT NULL,
	"slot" integer NOT NULL,
	"bucket" bigint NOT NULL,
	"counts" integer[] NOT NULL,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rate_limits_pkey" PRIMARY KEY("keyHash","slot"),
	CONSTRAINT "rate_limits_keyHash_check" CHECK ("rate_limits"."keyHash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "rate_limits_slot_check" CHECK ("rate_limits"."slot" >= 0),
	CONSTRAINT "rate_limits_counts_check" CHECK (cardinality("rate_limits"."counts") = 13)
);--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiresAt_idx" ON "idempotency_keys" USING btree ("expiresAt");--> statement-breakpoint
CREATE INDEX "rate_limits_expiresAt_idx" ON "rate_limits" USING btree ("expiresAt");
