CREATE TYPE "public"."AiProvider" AS ENUM('pagespace', 'openrouter', 'google', 'openai', 'anthropic', 'xai');--> statement-breakpoint
CREATE TABLE "ai_usage_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text,
	"conversationId" text,
	"pageId" text,
	"provider" "AiProvider" NOT NULL,
	"model" text NOT NULL,
	"inputTokens" integer DEFAULT 0 NOT NULL,
	"outputTokens" integer DEFAULT 0 NOT NULL,
	"totalTokens" bigint GENERATED ALWAYS AS ("inputTokens"::bigint + "outputTokens") STORED,
	"costMicros" bigint,
	"durationMs" integer,
	"success" boolean NOT NULL,
	"error" text,
	"metadata" jsonb,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ai_usage_logs_amounts_check" CHECK ("ai_usage_logs"."inputTokens" >= 0 and "ai_usage_logs"."outputTokens" >= 0 and "ai_usage_logs"."costMicros" >= 0 and "ai_usage_logs"."durationMs" >= 0)
);--> statement-breakpoint
CREATE TABLE "user_ai_settings" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"selectedProvider" "AiProvider" DEFAULT 'pagespace' NOT NULL,
	"selectedModel" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "user_provider_settings" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"provider" "AiProvider" NOT NULL,
	"encryptedApiKey" text,
	"baseUrl" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_provider_settings_encryptedApiKey_check" CHECK ("user_provider_settings"."encryptedApiKey" ~ '^[A-Za-z0-9_-]+[.][.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$')
);--> statement-breakpoint
ALTER TABLE "ai_usage_logs" ADD CONSTRAINT "ai_usage_logs_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_usage_logs" ADD CONSTRAINT "ai_usage_logs_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "public"."conversations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_usage_logs" ADD CONSTRAINT "ai_usage_logs_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_ai_settings" ADD CONSTRAINT "user_ai_settings_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_provider_settings" ADD CONSTRAINT "user_provider_settings_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_usage_logs_userId_createdAt_idx" ON "ai_usage_logs" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE INDEX "ai_usage_logs_conversationId_idx" ON "ai_usage_logs" USING btree ("conversationId");--> statement-breakpoint
CREATE INDEX "ai_usage_logs_pageId_idx" ON "ai_usage_logs" USING btree ("pageId");--> statement-breakpoint
CREATE UNIQUE INDEX "user_ai_settings_userId_key" ON "user_ai_settings" USING btree ("userId");--> statement-breakpoint
CREATE UNIQUE INDEX "user_provider_settings_userId_provider_key" ON "user_provider_settings" USING btree ("userId","provider");
