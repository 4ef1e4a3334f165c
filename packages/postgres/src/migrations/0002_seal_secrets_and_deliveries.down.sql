ALTER TABLE "connector_configs" DROP CONSTRAINT "connector_configs_encrypted_config_check";--> statement-breakpoint
ALTER TABLE "oauth_tokens" DROP CONSTRAINT "oauth_tokens_access_token_check";--> statement-breakpoint
ALTER TABLE "oauth_tokens" DROP CONSTRAINT "oauth_tokens_refresh_token_check";--> statement-breakpoint
ALTER TABLE "github_commits" DROP COLUMN "deliveries";--> statement-breakpoint
ALTER TABLE "github_issues" DROP COLUMN "deliveries";--> statement-breakpoint
ALTER TABLE "github_pull_requests" DROP COLUMN "deliveries";--> statement-breakpoint
ALTER TABLE "github_repositories" DROP COLUMN "deliveries";--> statement-breakpoint
ALTER TABLE "jira_issues" DROP COLUMN "assignee_id";--> statement-breakpoint
ALTER TABLE "linear_issues" DROP COLUMN "assignee_id";--> statement-breakpoint
ALTER TABLE "linear_issues" DROP COLUMN "project_id";--> statement-breakpoint
ALTER TABLE "x_tweets" DROP COLUMN "author_username";--> statement-breakpoint
UPDATE "github_commits" SET "committed_at" = coalesce("authored_at", "created_at") WHERE "committed_at" IS NULL;--> statement-breakpoint
ALTER TABLE "github_commits" ALTER COLUMN "committed_at" SET NOT NULL;
