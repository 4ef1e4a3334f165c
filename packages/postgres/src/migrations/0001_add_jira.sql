CREATE TABLE "jira_issues" (
	"id" varchar(255) NOT NULL,
	"key" varchar(64) NOT NULL,
	"project_key" varchar(32) NOT NULL,
	"project_name" varchar(255),
	"issue_type" varchar(64) NOT NULL,
	"summary" varchar(1024) NOT NULL,
	"description" text,
	"status" varchar(64) NOT NULL,
	"status_category" varchar(32),
	"priority" varchar(64),
	"assignee" jsonb,
	"reporter" jsonb,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"components" text[] DEFAULT '{}' NOT NULL,
	"sprint" jsonb,
	"story_points" double precision,
	"resolution" varchar(64),
	"url" varchar(2048),
	"jira_created_at" timestamp (3) with time zone NOT NULL,
	"jira_updated_at" timestamp (3) with time zone NOT NULL,
	"jira_resolved_at" timestamp (3) with time zone,
	"fields" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "jira_issues_pkey" PRIMARY KEY("connector_config_id","id"),
	CONSTRAINT "jira_issues_connector_config_id_key_key" UNIQUE("connector_config_id","key")
);--> statement-breakpoint
ALTER TABLE "jira_issues" ADD CONSTRAINT "jira_issues_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jira_issues_sync_idx" ON "jira_issues" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "jira_issues_project_idx" ON "jira_issues" USING btree ("connector_config_id","project_key","updated_at","id");--> statement-breakpoint
CREATE INDEX "jira_issues_activity_idx" ON "jira_issues" USING btree ("connector_config_id","jira_updated_at","id");
