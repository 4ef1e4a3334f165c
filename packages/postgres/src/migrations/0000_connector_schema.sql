CREATE TYPE "public"."message_role" AS ENUM('system', 'user', 'assistant', 'tool');--> statement-breakpoint
CREATE TYPE "public"."connector_status" AS ENUM('active', 'error', 'revoked', 'pending');--> statement-breakpoint
CREATE TYPE "public"."feedback_rating" AS ENUM('thumbs_up', 'thumbs_down', 'neutral');--> statement-breakpoint
CREATE TYPE "public"."provider_auth_type" AS ENUM('oauth2', 'api_key', 'basic');--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"title" varchar(255),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"role" "message_role" NOT NULL,
	"content" text NOT NULL,
	"metadata" jsonb,
	"trace_id" varchar(255),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "github_commits" (
	"sha" varchar(64) NOT NULL,
	"message" text NOT NULL,
	"body" text,
	"url" varchar(2048),
	"api_url" varchar(2048),
	"author_name" varchar(255),
	"author_email" varchar(320),
	"authored_at" timestamp (3) with time zone,
	"committer_name" varchar(255),
	"committer_email" varchar(320),
	"committed_at" timestamp (3) with time zone NOT NULL,
	"tree" varchar(64),
	"parent_shas" text[],
	"additions" integer,
	"deletions" integer,
	"total" integer,
	"repository_id" varchar(255),
	"repository_name" varchar(255),
	"repository_full_name" varchar(255),
	"files_data" jsonb,
	"verification" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "github_commits_pkey" PRIMARY KEY("connector_config_id","sha")
);
--> statement-breakpoint
CREATE TABLE "github_issues" (
	"id" varchar(255) NOT NULL,
	"number" integer NOT NULL,
	"title" varchar(1024) NOT NULL,
	"body" text,
	"state" varchar(16) NOT NULL,
	"state_reason" varchar(32),
	"locked" boolean DEFAULT false NOT NULL,
	"url" varchar(2048) NOT NULL,
	"comments" integer DEFAULT 0 NOT NULL,
	"repository_id" varchar(255),
	"repository_name" varchar(255) NOT NULL,
	"repository_full_name" varchar(255) NOT NULL,
	"is_pull_request" boolean DEFAULT false NOT NULL,
	"label_names" text[] DEFAULT '{}' NOT NULL,
	"issue_created_at" timestamp (3) with time zone NOT NULL,
	"issue_updated_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"author_data" jsonb,
	"assignees_data" jsonb,
	"labels_data" jsonb,
	"milestone_data" jsonb,
	"reactions_data" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "github_issues_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "github_pull_requests" (
	"id" varchar(255) NOT NULL,
	"number" integer NOT NULL,
	"title" varchar(1024) NOT NULL,
	"body" text,
	"state" varchar(16) NOT NULL,
	"draft" boolean DEFAULT false NOT NULL,
	"locked" boolean DEFAULT false NOT NULL,
	"merged" boolean DEFAULT false NOT NULL,
	"url" varchar(2048) NOT NULL,
	"diff_url" varchar(2048),
	"patch_url" varchar(2048),
	"merge_commit_sha" varchar(64),
	"commits" integer,
	"additions" integer,
	"deletions" integer,
	"changed_files" integer,
	"comments" integer,
	"review_comments" integer,
	"head_ref" varchar(255) NOT NULL,
	"head_sha" varchar(64) NOT NULL,
	"base_ref" varchar(255) NOT NULL,
	"base_sha" varchar(64) NOT NULL,
	"repository_id" varchar(255) NOT NULL,
	"repository_name" varchar(255) NOT NULL,
	"repository_full_name" varchar(255) NOT NULL,
	"mergeable_state" varchar(32),
	"author_association" varchar(32),
	"pr_created_at" timestamp (3) with time zone NOT NULL,
	"pr_updated_at" timestamp (3) with time zone NOT NULL,
	"merged_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"user_data" jsonb,
	"assignees_data" jsonb,
	"reviewers_data" jsonb,
	"labels_data" jsonb,
	"milestone_data" jsonb,
	"head_repo_data" jsonb,
	"base_repo_data" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "github_pull_requests_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "github_repositories" (
	"id" varchar(255) NOT NULL,
	"name" varchar(255) NOT NULL,
	"full_name" varchar(255) NOT NULL,
	"description" text,
	"url" varchar(2048),
	"stars" integer DEFAULT 0 NOT NULL,
	"forks" integer DEFAULT 0 NOT NULL,
	"watchers" integer DEFAULT 0 NOT NULL,
	"open_issues" integer DEFAULT 0 NOT NULL,
	"language" varchar(64),
	"topics" text[] DEFAULT '{}' NOT NULL,
	"visibility" varchar(16),
	"is_private" boolean DEFAULT false NOT NULL,
	"is_fork" boolean DEFAULT false NOT NULL,
	"is_archived" boolean DEFAULT false NOT NULL,
	"is_disabled" boolean DEFAULT false NOT NULL,
	"is_template" boolean DEFAULT false NOT NULL,
	"default_branch" varchar(255),
	"size" integer DEFAULT 0 NOT NULL,
	"homepage" varchar(2048),
	"license" varchar(64),
	"clone_url" varchar(2048),
	"ssh_url" varchar(2048),
	"repo_created_at" timestamp (3) with time zone,
	"repo_updated_at" timestamp (3) with time zone,
	"pushed_at" timestamp (3) with time zone,
	"owner_data" jsonb,
	"license_data" jsonb,
	"metadata" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "github_repositories_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "github_repository_files" (
	"id" varchar(255) NOT NULL,
	"repository_id" varchar(255) NOT NULL,
	"repository_full_name" varchar(255) NOT NULL,
	"branch" varchar(255) NOT NULL,
	"path" varchar(4096) NOT NULL,
	"name" varchar(255) NOT NULL,
	"sha" varchar(64) NOT NULL,
	"content" text,
	"size" integer NOT NULL,
	"language" varchar(64),
	"extension" varchar(64),
	"lines_of_code" integer,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "github_repository_files_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_calendar_calendars" (
	"id" varchar(255) NOT NULL,
	"summary" varchar(1024) NOT NULL,
	"description" text,
	"location" varchar(1024),
	"time_zone" varchar(64),
	"access_role" varchar(32) NOT NULL,
	"background_color" varchar(16),
	"is_primary" boolean DEFAULT false NOT NULL,
	"is_selected" boolean DEFAULT false NOT NULL,
	"is_hidden" boolean DEFAULT false NOT NULL,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "google_calendar_calendars_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_calendar_events" (
	"id" varchar(255) NOT NULL,
	"calendar_id" varchar(255) NOT NULL,
	"title" varchar(1024),
	"description" text,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"start_date" date,
	"end_date" date,
	"is_all_day" boolean DEFAULT false NOT NULL,
	"time_zone" varchar(64),
	"location" varchar(1024),
	"status" varchar(16) NOT NULL,
	"visibility" varchar(16),
	"transparency" varchar(16),
	"ical_uid" varchar(1024),
	"sequence" integer DEFAULT 0 NOT NULL,
	"recurring_event_id" varchar(255),
	"event_type" varchar(32),
	"html_link" varchar(2048),
	"can_guests_modify" boolean DEFAULT false NOT NULL,
	"can_guests_invite_others" boolean DEFAULT true NOT NULL,
	"can_guests_see_other_guests" boolean DEFAULT true NOT NULL,
	"attendees" jsonb,
	"recurrence" text[],
	"reminders" jsonb,
	"conference_data" jsonb,
	"event_created_at" timestamp (3) with time zone,
	"event_updated_at" timestamp (3) with time zone NOT NULL,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "google_calendar_events_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_contacts" (
	"id" varchar(255) NOT NULL,
	"display_name" varchar(255),
	"given_name" varchar(255),
	"family_name" varchar(255),
	"email" varchar(320),
	"phone" varchar(64),
	"organization" varchar(255),
	"job_title" varchar(255),
	"photo_url" varchar(2048),
	"contact_updated_at" timestamp (3) with time zone,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "google_contacts_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_gmail_messages" (
	"id" varchar(255) NOT NULL,
	"thread_id" varchar(255) NOT NULL,
	"history_id" varchar(32),
	"snippet" text,
	"internal_date" timestamp (3) with time zone NOT NULL,
	"label_ids" text[] DEFAULT '{}' NOT NULL,
	"subject" text,
	"from" text,
	"to" text,
	"size_estimate" integer,
	"payload" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "google_gmail_messages_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_photos" (
	"id" varchar(255) NOT NULL,
	"product_url" varchar(2048) NOT NULL,
	"base_url" varchar(2048),
	"mime_type" varchar(127) NOT NULL,
	"filename" varchar(255) NOT NULL,
	"description" text,
	"creation_time" timestamp (3) with time zone NOT NULL,
	"width" integer,
	"height" integer,
	"media_metadata" jsonb,
	"contributor" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "google_photos_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "youtube_subscriptions" (
	"id" varchar(255) NOT NULL,
	"title" varchar(255) NOT NULL,
	"description" text,
	"channel_id" varchar(255) NOT NULL,
	"resource_channel_id" varchar(255) NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"thumbnail_url" varchar(2048),
	"total_item_count" integer DEFAULT 0 NOT NULL,
	"new_item_count" integer DEFAULT 0 NOT NULL,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "youtube_subscriptions_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "linear_issues" (
	"id" varchar(255) NOT NULL,
	"identifier" varchar(64),
	"title" varchar(1024) NOT NULL,
	"description" text,
	"state" varchar(64) NOT NULL,
	"priority" integer DEFAULT 0 NOT NULL,
	"assignee" jsonb,
	"team_id" varchar(255),
	"team" varchar(255),
	"project" jsonb,
	"url" varchar(2048),
	"labels" text[] DEFAULT '{}' NOT NULL,
	"issue_created_at" timestamp (3) with time zone NOT NULL,
	"issue_updated_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "linear_issues_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "notion_pages" (
	"id" varchar(255) NOT NULL,
	"title" varchar(2000) NOT NULL,
	"url" varchar(2048),
	"parent_type" varchar(32),
	"parent_id" varchar(255),
	"is_archived" boolean DEFAULT false NOT NULL,
	"icon" jsonb,
	"cover" jsonb,
	"content" text,
	"properties" jsonb,
	"created_by" jsonb,
	"last_edited_by" jsonb,
	"page_created_at" timestamp (3) with time zone NOT NULL,
	"page_edited_at" timestamp (3) with time zone NOT NULL,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notion_pages_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "oauth_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"connector_config_id" text NOT NULL,
	"token_type" varchar(32) DEFAULT 'bearer' NOT NULL,
	"access_token" text NOT NULL,
	"refresh_token" text,
	"expires_at" timestamp (3) with time zone,
	"scope" text,
	"metadata" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "oauth_tokens_connector_config_id_key" UNIQUE("connector_config_id")
);
--> statement-breakpoint
CREATE TABLE "slack_messages" (
	"id" varchar(255) NOT NULL,
	"channel_id" varchar(255) NOT NULL,
	"channel_name" varchar(255),
	"text" text NOT NULL,
	"user_id" varchar(255),
	"user_name" varchar(255),
	"ts" varchar(32) NOT NULL,
	"sent_at" timestamp (3) with time zone GENERATED ALWAYS AS (to_timestamp(ts::double precision)) STORED NOT NULL,
	"thread_ts" varchar(32),
	"reply_count" integer DEFAULT 0 NOT NULL,
	"permalink" varchar(2048),
	"files" jsonb,
	"attachments" jsonb,
	"reactions" jsonb,
	"edited" jsonb,
	"pinned_to" text[],
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "slack_messages_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "spotify_albums" (
	"id" varchar(255) NOT NULL,
	"name" varchar(1024) NOT NULL,
	"album_type" varchar(32),
	"artist_ids" text[] DEFAULT '{}' NOT NULL,
	"artist_names" text[] DEFAULT '{}' NOT NULL,
	"release_date" varchar(10),
	"release_date_precision" varchar(8),
	"total_tracks" integer DEFAULT 0 NOT NULL,
	"label" varchar(255),
	"url" varchar(2048),
	"images" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spotify_albums_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "spotify_artists" (
	"id" varchar(255) NOT NULL,
	"name" varchar(1024) NOT NULL,
	"genres" text[] DEFAULT '{}' NOT NULL,
	"popularity" integer,
	"followers" integer,
	"url" varchar(2048),
	"images" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spotify_artists_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "spotify_playlists" (
	"id" varchar(255) NOT NULL,
	"name" varchar(1024) NOT NULL,
	"description" text,
	"is_public" boolean DEFAULT false NOT NULL,
	"is_collaborative" boolean DEFAULT false NOT NULL,
	"owner" jsonb,
	"snapshot_id" varchar(255),
	"track_count" integer DEFAULT 0 NOT NULL,
	"url" varchar(2048),
	"images" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spotify_playlists_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "spotify_recently_played" (
	"id" varchar(255) NOT NULL,
	"track_id" varchar(255) NOT NULL,
	"played_at" timestamp (3) with time zone NOT NULL,
	"context" jsonb,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spotify_recently_played_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "spotify_tracks" (
	"id" varchar(255) NOT NULL,
	"name" varchar(1024) NOT NULL,
	"artist_ids" text[] DEFAULT '{}' NOT NULL,
	"artist_names" text[] DEFAULT '{}' NOT NULL,
	"album_id" varchar(255),
	"album_name" varchar(1024),
	"duration_ms" integer NOT NULL,
	"popularity" integer,
	"track_number" integer,
	"disc_number" integer,
	"isrc" varchar(16),
	"is_explicit" boolean DEFAULT false NOT NULL,
	"url" varchar(2048),
	"preview_url" varchar(2048),
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "spotify_tracks_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "connector_sync_states" (
	"id" text PRIMARY KEY NOT NULL,
	"connector_config_id" text NOT NULL,
	"entity" varchar(64) NOT NULL,
	"cursor" jsonb,
	"last_synced_at" timestamp (3) with time zone,
	"last_error" varchar(1000),
	"rows_seen" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connector_sync_states_connector_config_id_entity_key" UNIQUE("connector_config_id","entity")
);
--> statement-breakpoint
CREATE TABLE "x_tweets" (
	"id" varchar(255) NOT NULL,
	"text" text NOT NULL,
	"author_id" varchar(255) NOT NULL,
	"author" jsonb,
	"lang" varchar(16),
	"retweet_count" integer DEFAULT 0 NOT NULL,
	"reply_count" integer DEFAULT 0 NOT NULL,
	"like_count" integer DEFAULT 0 NOT NULL,
	"quote_count" integer DEFAULT 0 NOT NULL,
	"bookmark_count" integer DEFAULT 0 NOT NULL,
	"impression_count" integer DEFAULT 0 NOT NULL,
	"conversation_id" varchar(255),
	"in_reply_to_user_id" varchar(255),
	"in_reply_to_tweet_id" varchar(255),
	"media" jsonb,
	"poll" jsonb,
	"place" jsonb,
	"tweet_created_at" timestamp (3) with time zone NOT NULL,
	"connector_config_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "x_tweets_pkey" PRIMARY KEY("connector_config_id","id")
);
--> statement-breakpoint
CREATE TABLE "connector_configs" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"provider_id" text NOT NULL,
	"name" varchar(255) NOT NULL,
	"encrypted_config" text NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"status" "connector_status" DEFAULT 'pending' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connector_configs_user_id_provider_id_name_key" UNIQUE("user_id","provider_id","name")
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"id" text PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"rating" "feedback_rating" NOT NULL,
	"comment" text,
	"trace_id" varchar(255),
	"session_id" varchar(255),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "goals" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" varchar(255) NOT NULL,
	"type" varchar(64) NOT NULL,
	"target" integer NOT NULL,
	"period" varchar(32) NOT NULL,
	"current" integer DEFAULT 0 NOT NULL,
	"progress" integer DEFAULT 0 NOT NULL,
	"streak" integer DEFAULT 0 NOT NULL,
	"label" varchar(255) NOT NULL,
	"icon" varchar(64),
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "goals_progress_check" CHECK ("goals"."progress" between 0 and 100),
	CONSTRAINT "goals_target_check" CHECK ("goals"."target" > 0)
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" varchar(64) NOT NULL,
	"name" varchar(255) NOT NULL,
	"description" text,
	"logo_url" varchar(2048),
	"auth_type" "provider_auth_type" NOT NULL,
	"config_schema" jsonb,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "providers_slug_key" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "github_commits" ADD CONSTRAINT "github_commits_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "github_issues" ADD CONSTRAINT "github_issues_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "github_pull_requests" ADD CONSTRAINT "github_pull_requests_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "github_repositories" ADD CONSTRAINT "github_repositories_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "github_repository_files" ADD CONSTRAINT "github_repository_files_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_calendar_calendars" ADD CONSTRAINT "google_calendar_calendars_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_calendar_events" ADD CONSTRAINT "google_calendar_events_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_contacts" ADD CONSTRAINT "google_contacts_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_gmail_messages" ADD CONSTRAINT "google_gmail_messages_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_photos" ADD CONSTRAINT "google_photos_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "youtube_subscriptions" ADD CONSTRAINT "youtube_subscriptions_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "linear_issues" ADD CONSTRAINT "linear_issues_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notion_pages" ADD CONSTRAINT "notion_pages_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "oauth_tokens" ADD CONSTRAINT "oauth_tokens_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spotify_albums" ADD CONSTRAINT "spotify_albums_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spotify_artists" ADD CONSTRAINT "spotify_artists_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spotify_playlists" ADD CONSTRAINT "spotify_playlists_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spotify_recently_played" ADD CONSTRAINT "spotify_recently_played_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spotify_tracks" ADD CONSTRAINT "spotify_tracks_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_sync_states" ADD CONSTRAINT "connector_sync_states_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "x_tweets" ADD CONSTRAINT "x_tweets_connector_config_id_fkey" FOREIGN KEY ("connector_config_id") REFERENCES "public"."connector_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connector_configs" ADD CONSTRAINT "connector_configs_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "public"."providers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversations_user_id_updated_at_idx" ON "conversations" USING btree ("user_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "messages_conversation_id_created_at_idx" ON "messages" USING btree ("conversation_id","created_at","id");--> statement-breakpoint
CREATE INDEX "github_commits_sync_idx" ON "github_commits" USING btree ("connector_config_id","updated_at","sha");--> statement-breakpoint
CREATE INDEX "github_commits_repository_idx" ON "github_commits" USING btree ("connector_config_id","repository_id","updated_at","sha");--> statement-breakpoint
CREATE INDEX "github_commits_activity_idx" ON "github_commits" USING btree ("connector_config_id","committed_at","sha");--> statement-breakpoint
CREATE INDEX "github_issues_sync_idx" ON "github_issues" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_issues_repository_idx" ON "github_issues" USING btree ("connector_config_id","repository_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_issues_label_names_idx" ON "github_issues" USING gin ("label_names");--> statement-breakpoint
CREATE INDEX "github_issues_activity_idx" ON "github_issues" USING btree ("connector_config_id","issue_updated_at","id");--> statement-breakpoint
CREATE INDEX "github_pull_requests_sync_idx" ON "github_pull_requests" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_pull_requests_repository_idx" ON "github_pull_requests" USING btree ("connector_config_id","repository_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_pull_requests_open_idx" ON "github_pull_requests" USING btree ("connector_config_id","pr_created_at","id") WHERE "github_pull_requests"."state" = 'open';--> statement-breakpoint
CREATE INDEX "github_pull_requests_activity_idx" ON "github_pull_requests" USING btree ("connector_config_id","pr_updated_at","id");--> statement-breakpoint
CREATE INDEX "github_repositories_sync_idx" ON "github_repositories" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_repositories_activity_idx" ON "github_repositories" USING btree ("connector_config_id","pushed_at","id");--> statement-breakpoint
CREATE INDEX "github_repository_files_sync_idx" ON "github_repository_files" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "github_repository_files_repository_idx" ON "github_repository_files" USING btree ("connector_config_id","repository_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_calendar_calendars_sync_idx" ON "google_calendar_calendars" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_calendar_events_sync_idx" ON "google_calendar_events" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_calendar_events_calendar_idx" ON "google_calendar_events" USING btree ("connector_config_id","calendar_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_calendar_events_recurring_idx" ON "google_calendar_events" USING btree ("connector_config_id","recurring_event_id");--> statement-breakpoint
CREATE INDEX "google_calendar_events_upcoming_idx" ON "google_calendar_events" USING btree ("connector_config_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "google_calendar_events_activity_idx" ON "google_calendar_events" USING btree ("connector_config_id","event_updated_at","id");--> statement-breakpoint
CREATE INDEX "google_contacts_sync_idx" ON "google_contacts" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_gmail_messages_sync_idx" ON "google_gmail_messages" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_gmail_messages_thread_sync_idx" ON "google_gmail_messages" USING btree ("connector_config_id","thread_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_gmail_messages_thread_idx" ON "google_gmail_messages" USING btree ("connector_config_id","thread_id","internal_date","id");--> statement-breakpoint
CREATE INDEX "google_gmail_messages_activity_idx" ON "google_gmail_messages" USING btree ("connector_config_id","internal_date","id");--> statement-breakpoint
CREATE INDEX "google_photos_sync_idx" ON "google_photos" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "google_photos_activity_idx" ON "google_photos" USING btree ("connector_config_id","creation_time","id");--> statement-breakpoint
CREATE INDEX "youtube_subscriptions_sync_idx" ON "youtube_subscriptions" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "youtube_subscriptions_activity_idx" ON "youtube_subscriptions" USING btree ("connector_config_id","published_at","id");--> statement-breakpoint
CREATE INDEX "linear_issues_sync_idx" ON "linear_issues" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "linear_issues_team_idx" ON "linear_issues" USING btree ("connector_config_id","team_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "linear_issues_activity_idx" ON "linear_issues" USING btree ("connector_config_id","issue_updated_at","id");--> statement-breakpoint
CREATE INDEX "notion_pages_sync_idx" ON "notion_pages" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "notion_pages_parent_idx" ON "notion_pages" USING btree ("connector_config_id","parent_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "notion_pages_activity_idx" ON "notion_pages" USING btree ("connector_config_id","page_edited_at","id");--> statement-breakpoint
CREATE INDEX "slack_messages_sync_idx" ON "slack_messages" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "slack_messages_channel_idx" ON "slack_messages" USING btree ("connector_config_id","channel_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "slack_messages_thread_idx" ON "slack_messages" USING btree ("connector_config_id","channel_id","thread_ts","ts");--> statement-breakpoint
CREATE INDEX "slack_messages_activity_idx" ON "slack_messages" USING btree ("connector_config_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "spotify_albums_sync_idx" ON "spotify_albums" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_artists_sync_idx" ON "spotify_artists" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_playlists_sync_idx" ON "spotify_playlists" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_recently_played_sync_idx" ON "spotify_recently_played" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_recently_played_track_idx" ON "spotify_recently_played" USING btree ("connector_config_id","track_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_recently_played_activity_idx" ON "spotify_recently_played" USING btree ("connector_config_id","played_at","id");--> statement-breakpoint
CREATE INDEX "spotify_tracks_sync_idx" ON "spotify_tracks" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "spotify_tracks_album_idx" ON "spotify_tracks" USING btree ("connector_config_id","album_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "x_tweets_sync_idx" ON "x_tweets" USING btree ("connector_config_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "x_tweets_conversation_idx" ON "x_tweets" USING btree ("connector_config_id","conversation_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "x_tweets_in_reply_to_idx" ON "x_tweets" USING btree ("connector_config_id","in_reply_to_tweet_id");--> statement-breakpoint
CREATE INDEX "x_tweets_activity_idx" ON "x_tweets" USING btree ("connector_config_id","tweet_created_at","id");--> statement-breakpoint
CREATE INDEX "connector_configs_provider_id_idx" ON "connector_configs" USING btree ("provider_id");--> statement-breakpoint
CREATE INDEX "connector_configs_user_id_created_at_idx" ON "connector_configs" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "feedback_message_id_created_at_idx" ON "feedback" USING btree ("message_id","created_at","id");--> statement-breakpoint
CREATE INDEX "goals_user_id_created_at_idx" ON "goals" USING btree ("user_id","created_at","id");