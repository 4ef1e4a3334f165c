DROP TABLE "jira_issues" CASCADE;
