CREATE TYPE "public"."connector_status" AS ENUM('connected', 'disconnected');--> statement-breakpoint
CREATE TYPE "public"."connector_type" AS ENUM('local', 'remote');--> statement-breakpoint
CREATE TYPE "public"."key_provider" AS ENUM('anthropic', 'openai', 'cursor', 'gemini', 'aigateway');--> statement-breakpoint
CREATE TYPE "public"."agent" AS ENUM('claude', 'codex', 'copilot', 'cursor', 'gemini', 'opencode');--> statement-breakpoint
CREATE TYPE "public"."pull_request_status" AS ENUM('open', 'closed', 'merged');--> statement-breakpoint
CREATE TYPE "public"."task_status" AS ENUM('pending', 'processing', 'completed', 'error', 'stopped');--> statement-breakpoint
CREATE TYPE "public"."log_type" AS ENUM('info', 'command', 'error', 'success');--> statement-breakpoint
CREATE TYPE "public"."message_role" AS ENUM('user', 'agent');--> statement-breakpoint
CREATE TYPE "public"."oauth_provider" AS ENUM('github', 'vercel');--> statement-breakpoint
CREATE TABLE "connectors" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"type" "connector_type" DEFAULT 'remote' NOT NULL,
	"base_url" text,
	"oauth_client_id" text,
	"oauth_client_secret" text,
	"oauth_client_secret_hint" text,
	"command" text,
	"env" text,
	"env_names" text[] DEFAULT '{}'::text[] NOT NULL,
	"status" "connector_status" DEFAULT 'disconnected' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connectors_oauth_client_secret_check" CHECK ("connectors"."oauth_client_secret" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'),
	CONSTRAINT "connectors_env_check" CHECK ("connectors"."env" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'),
	CONSTRAINT "connectors_type_check" CHECK (case "connectors"."type" when 'remote' then "connectors"."base_url" is not null else "connectors"."command" is not null end),
	CONSTRAINT "connectors_oauth_client_secret_hint_check" CHECK (("connectors"."oauth_client_secret" is null) = ("connectors"."oauth_client_secret_hint" is null))
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"provider" "key_provider" NOT NULL,
	"value" text NOT NULL,
	"value_hint" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "keys_value_check" CHECK ("keys"."value" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$')
);
--> statement-breakpoint
CREATE TABLE "daily_usage" (
	"user_id" text NOT NULL,
	"day" date NOT NULL,
	"messages" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "daily_usage_pkey" PRIMARY KEY("user_id","day"),
	CONSTRAINT "daily_usage_messages_check" CHECK ("daily_usage"."messages" >= 0)
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"color" text DEFAULT '#6b7280' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tags_id_user_id_key" UNIQUE("id","user_id"),
	CONSTRAINT "tags_color_check" CHECK ("tags"."color" ~ '^#[0-9a-fA-F]{6}$')
);
--> statement-breakpoint
CREATE TABLE "task_tags" (
	"user_id" text NOT NULL,
	"task_id" text NOT NULL,
	"tag_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_tags_pkey" PRIMARY KEY("task_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"prompt" text NOT NULL,
	"title" text,
	"repo_url" text,
	"selected_agent" "agent" DEFAULT 'claude' NOT NULL,
	"selected_model" text,
	"install_dependencies" boolean DEFAULT false NOT NULL,
	"max_duration" integer DEFAULT 300 NOT NULL,
	"keep_alive" boolean DEFAULT false NOT NULL,
	"enable_browser" boolean DEFAULT false NOT NULL,
	"status" "task_status" DEFAULT 'pending' NOT NULL,
	"progress" integer DEFAULT 0 NOT NULL,
	"error" text,
	"branch_name" text,
	"sandbox_id" text,
	"sandbox_url" text,
	"agent_session_id" text,
	"preview_url" text,
	"pr_url" text,
	"pr_number" integer,
	"pr_status" "pull_request_status",
	"pr_merge_commit_sha" text,
	"mcp_server_ids" text[] DEFAULT '{}'::text[] NOT NULL,
	"lease_token" text,
	"lease_expires_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"message_count" integer DEFAULT 0 NOT NULL,
	"log_count" integer DEFAULT 0 NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"search" "tsvector" GENERATED ALWAYS AS (array_to_tsvector(array['user:' || "tasks"."user_id"]) || to_tsvector('english'::regconfig, coalesce("tasks"."title", '') || ' ' || "tasks"."prompt")) STORED NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tasks_id_user_id_key" UNIQUE("id","user_id"),
	CONSTRAINT "tasks_progress_check" CHECK ("tasks"."progress" between 0 and 100),
	CONSTRAINT "tasks_max_duration_check" CHECK ("tasks"."max_duration" between 1 and 300),
	CONSTRAINT "tasks_pr_number_check" CHECK ("tasks"."pr_number" > 0),
	CONSTRAINT "tasks_counts_check" CHECK ("tasks"."message_count" >= 0 and "tasks"."log_count" >= 0),
	CONSTRAINT "tasks_attempts_check" CHECK ("tasks"."attempts" >= 0),
	CONSTRAINT "tasks_lease_check" CHECK (("tasks"."lease_token" is null) = ("tasks"."lease_expires_at" is null) and ("tasks"."lease_token" is null or "tasks"."status" = 'processing')),
	CONSTRAINT "tasks_completed_at_check" CHECK (("tasks"."completed_at" is not null) = ("tasks"."status" in ('completed', 'error', 'stopped')))
);
--> statement-breakpoint
CREATE TABLE "task_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"task_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"type" "log_type" DEFAULT 'info' NOT NULL,
	"message" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_logs_task_id_sequence_key" UNIQUE("task_id","sequence"),
	CONSTRAINT "task_logs_sequence_check" CHECK ("task_logs"."sequence" >= 1)
);
--> statement-breakpoint
CREATE TABLE "task_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"task_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"role" "message_role" NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "task_messages_task_id_sequence_key" UNIQUE("task_id","sequence"),
	CONSTRAINT "task_messages_sequence_check" CHECK ("task_messages"."sequence" >= 1)
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"provider" "oauth_provider" NOT NULL,
	"external_user_id" text NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text,
	"expires_at" timestamp (3) with time zone,
	"scope" text,
	"username" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_access_token_check" CHECK ("accounts"."access_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'),
	CONSTRAINT "accounts_refresh_token_check" CHECK ("accounts"."refresh_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$')
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" "oauth_provider" NOT NULL,
	"external_id" text NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text,
	"scope" text,
	"username" text NOT NULL,
	"email" text,
	"name" text,
	"avatar_url" text,
	"last_login_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_access_token_check" CHECK ("users"."access_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'),
	CONSTRAINT "users_refresh_token_check" CHECK ("users"."refresh_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$')
);
--> statement-breakpoint
ALTER TABLE "connectors" ADD CONSTRAINT "connectors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "daily_usage" ADD CONSTRAINT "daily_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "preferences" ADD CONSTRAINT "preferences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings" ADD CONSTRAINT "settings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tags" ADD CONSTRAINT "tags_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_tags" ADD CONSTRAINT "task_tags_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_tags" ADD CONSTRAINT "task_tags_task_id_user_id_fkey" FOREIGN KEY ("task_id","user_id") REFERENCES "public"."tasks"("id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_tags" ADD CONSTRAINT "task_tags_tag_id_user_id_fkey" FOREIGN KEY ("tag_id","user_id") REFERENCES "public"."tags"("id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_logs" ADD CONSTRAINT "task_logs_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_logs" ADD CONSTRAINT "task_logs_task_id_user_id_fkey" FOREIGN KEY ("task_id","user_id") REFERENCES "public"."tasks"("id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_messages" ADD CONSTRAINT "task_messages_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "task_messages" ADD CONSTRAINT "task_messages_task_id_user_id_fkey" FOREIGN KEY ("task_id","user_id") REFERENCES "public"."tasks"("id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connectors_user_id_name_id_idx" ON "connectors" USING btree ("user_id","name","id");--> statement-breakpoint
CREATE INDEX "connectors_oauth_client_secret_key_idx" ON "connectors" USING btree (((encode(decode(translate(split_part("oauth_client_secret", '.', 1), '-_', '+/') || repeat('=', -length(split_part("oauth_client_secret", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "connectors"."oauth_client_secret" is not null;--> statement-breakpoint
CREATE INDEX "connectors_env_key_idx" ON "connectors" USING btree (((encode(decode(translate(split_part("env", '.', 1), '-_', '+/') || repeat('=', -length(split_part("env", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "connectors"."env" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "keys_user_id_provider_key" ON "keys" USING btree ("user_id","provider");--> statement-breakpoint
CREATE INDEX "keys_value_key_idx" ON "keys" USING btree (((encode(decode(translate(split_part("value", '.', 1), '-_', '+/') || repeat('=', -length(split_part("value", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "keys"."value" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "preferences_user_id_key_key" ON "preferences" USING btree ("user_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "settings_user_id_key_key" ON "settings" USING btree ("user_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_user_id_name_key" ON "tags" USING btree ("user_id",lower("name"));--> statement-breakpoint
CREATE INDEX "task_tags_tag_id_user_id_task_id_idx" ON "task_tags" USING btree ("tag_id","user_id","task_id");--> statement-breakpoint
CREATE INDEX "task_tags_user_id_task_id_idx" ON "task_tags" USING btree ("user_id","task_id");--> statement-breakpoint
CREATE INDEX "tasks_user_id_status_created_at_id_idx" ON "tasks" USING btree ("user_id","status","created_at","id");--> statement-breakpoint
CREATE INDEX "tasks_user_id_created_at_id_live_idx" ON "tasks" USING btree ("user_id","created_at","id") WHERE "tasks"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "tasks_user_id_created_at_id_deleted_idx" ON "tasks" USING btree ("user_id","created_at","id") WHERE "tasks"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "tasks_search_idx" ON "tasks" USING gin ("search");--> statement-breakpoint
CREATE INDEX "tasks_pending_idx" ON "tasks" USING btree ("created_at","id") WHERE "tasks"."status" = 'pending' and "tasks"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "tasks_lease_expires_at_id_idx" ON "tasks" USING btree ("lease_expires_at","id") WHERE "tasks"."status" = 'processing' and "tasks"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "task_logs_user_id_task_id_idx" ON "task_logs" USING btree ("user_id","task_id");--> statement-breakpoint
CREATE INDEX "task_messages_user_id_task_id_idx" ON "task_messages" USING btree ("user_id","task_id");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_user_id_provider_key" ON "accounts" USING btree ("user_id","provider");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_provider_external_user_id_key" ON "accounts" USING btree ("provider","external_user_id");--> statement-breakpoint
CREATE INDEX "accounts_access_token_key_idx" ON "accounts" USING btree (((encode(decode(translate(split_part("access_token", '.', 1), '-_', '+/') || repeat('=', -length(split_part("access_token", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "accounts"."access_token" is not null;--> statement-breakpoint
CREATE INDEX "accounts_refresh_token_key_idx" ON "accounts" USING btree (((encode(decode(translate(split_part("refresh_token", '.', 1), '-_', '+/') || repeat('=', -length(split_part("refresh_token", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "accounts"."refresh_token" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_provider_external_id_key" ON "users" USING btree ("provider","external_id");--> statement-breakpoint
CREATE INDEX "users_access_token_key_idx" ON "users" USING btree (((encode(decode(translate(split_part("access_token", '.', 1), '-_', '+/') || repeat('=', -length(split_part("access_token", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "users"."access_token" is not null;--> statement-breakpoint
CREATE INDEX "users_refresh_token_key_idx" ON "users" USING btree (((encode(decode(translate(split_part("refresh_token", '.', 1), '-_', '+/') || repeat('=', -length(split_part("refresh_token", '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid'),"id") WHERE "users"."refresh_token" is not null;