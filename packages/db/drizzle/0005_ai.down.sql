DROP TABLE "ai_usage_logs" CASCADE;--> statement-breakpoint
DROP TABLE "user_ai_settings" CASCADE;--> statement-breakpoint
DROP TABLE "user_provider_settings" CASCADE;--> statement-breakpoint
DROP TYPE "public"."AiProvider";
