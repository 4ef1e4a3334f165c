DROP TABLE "cron_jobs" CASCADE;--> statement-breakpoint
DROP TABLE "idempotency_keys" CASCADE;--> statement-breakpoint
DROP TABLE "rate_limits" CASCADE;
