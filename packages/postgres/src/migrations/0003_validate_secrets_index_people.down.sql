-- migrator: no-transaction
DROP INDEX CONCURRENTLY "x_tweets_author_username_idx";
DROP INDEX CONCURRENTLY "x_tweets_author_idx";
DROP INDEX CONCURRENTLY "linear_issues_project_idx";
DROP INDEX CONCURRENTLY "linear_issues_assignee_idx";
DROP INDEX CONCURRENTLY "jira_issues_assignee_idx";
ALTER TABLE "connector_configs" DROP CONSTRAINT "connector_configs_encrypted_config_check";
ALTER TABLE "connector_configs" ADD CONSTRAINT "connector_configs_encrypted_config_check" CHECK ("connector_configs"."encrypted_config" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;
ALTER TABLE "oauth_tokens" DROP CONSTRAINT "oauth_tokens_access_token_check";
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_access_token_check" CHECK ("oauth_tokens"."access_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;
ALTER TABLE "oauth_tokens" DROP CONSTRAINT "oauth_tokens_refresh_token_check";
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_refresh_token_check" CHECK ("oauth_tokens"."refresh_token" ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$') NOT VALID;
