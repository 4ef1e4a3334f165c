-- migrator: no-transaction
ALTER TABLE "connector_configs" VALIDATE CONSTRAINT "connector_configs_encrypted_config_check";
ALTER TABLE "oauth_tokens" VALIDATE CONSTRAINT "oauth_tokens_access_token_check";
ALTER TABLE "oauth_tokens" VALIDATE CONSTRAINT "oauth_tokens_refresh_token_check";
CREATE INDEX CONCURRENTLY "jira_issues_assignee_idx" ON "jira_issues" USING btree ("connector_config_id","assignee_id","updated_at","id");
CREATE INDEX CONCURRENTLY "linear_issues_assignee_idx" ON "linear_issues" USING btree ("connector_config_id","assignee_id","updated_at","id");
CREATE INDEX CONCURRENTLY "linear_issues_project_idx" ON "linear_issues" USING btree ("connector_config_id","project_id","updated_at","id");
CREATE INDEX CONCURRENTLY "x_tweets_author_idx" ON "x_tweets" USING btree ("connector_config_id","author_id","updated_at","id");
CREATE INDEX CONCURRENTLY "x_tweets_author_username_idx" ON "x_tweets" USING btree ("connector_config_id","author_username","updated_at","id");
