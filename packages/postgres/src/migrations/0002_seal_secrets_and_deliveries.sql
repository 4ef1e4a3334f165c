ALTER TABLE "github_commits" ALTER COLUMN "committed_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "github_commits" ADD COLUMN "deliveries" jsonb;--> statement-breakpoint
ALTER TABLE "github_issues" ADD COLUMN "deliveries" jsonb;--> statement-breakpoint
ALTER TABLE "github_pull_requests" ADD COLUMN "deliveries" jsonb;--> statement-breakpoint
ALTER TABLE "github_repositories" ADD COLUMN "deliveries" jsonb;--> statement-breakpoint
-- migrator: allow add-column-rewrite: these tables hold one person's issues and posts, and a sync that waits goes on afterwards
ALTER TABLE "jira_issues" ADD COLUMN "assignee_id" text GENERATED ALWAYS AS (assignee ->> 'accountId') STORED;--> statement-breakpoint
-- migrator: allow add-column-rewrite: these tables hold one person's issues and posts, and a sync that waits goes on afterwards
ALTER TABLE "linear_issues" ADD COLUMN "assignee_id" text GENERATED ALWAYS AS (assignee ->> 'id') STORED;--> statement-breakpoint
-- migrator: allow add-column-rewrite: these tables hold one person's issues and posts, and a sync that waits goes on afterwards
ALTER TABLE "linear_issues" ADD COLUMN "project_id" text GENERATED ALWAYS AS (project ->> 'id') STORED;--> statement-breakpoint
-- migrator: allow add-column-rewrite: these tables hold one person's issues and posts, and a sync that waits goes on afterwards
ALTER TABLE "x_tweets" ADD COLUMN "author_username" text GENERATED ALWAYS AS (author ->> 'username') STORED;--> statement-breakpoint
ALTER TABLE "connector_configs" ADD CONSTRAINT "connector_configs_encrypted_config_check" CHECK ("connector_configs"."encrypted_config" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;--> statement-breakpoint
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_access_token_check" CHECK ("oauth_tokens"."access_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;--> statement-breakpoint
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_refresh_token_check" CHECK ("oauth_tokens"."refresh_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;
