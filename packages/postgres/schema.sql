-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;

CREATE TYPE public.connector_status AS ENUM ('active', 'error', 'revoked', 'pending');
CREATE TYPE public.feedback_rating AS ENUM ('thumbs_up', 'thumbs_down', 'neutral');
CREATE TYPE public.message_role AS ENUM ('system', 'user', 'assistant', 'tool');
CREATE TYPE public.provider_auth_type AS ENUM ('oauth2', 'api_key', 'basic');

CREATE TABLE public.connector_configs (
  id text NOT NULL,
  user_id character varying(255) NOT NULL,
  provider_id text NOT NULL,
  name character varying(255) NOT NULL,
  encrypted_config text NOT NULL,
  is_enabled boolean DEFAULT true NOT NULL,
  status public.connector_status DEFAULT 'pending'::public.connector_status NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT connector_configs_encrypted_config_check CHECK ((encrypted_config ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT connector_configs_pkey PRIMARY KEY (id),
  CONSTRAINT connector_configs_user_id_provider_id_name_key UNIQUE (user_id, provider_id, name)
);

CREATE TABLE public.connector_sync_states (
  id text NOT NULL,
  connector_config_id text NOT NULL,
  entity character varying(64) NOT NULL,
  cursor jsonb,
  last_synced_at timestamp(3) with time zone,
  last_error character varying(1000),
  rows_seen bigint DEFAULT 0 NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT connector_sync_states_connector_config_id_entity_key UNIQUE (connector_config_id, entity),
  CONSTRAINT connector_sync_states_pkey PRIMARY KEY (id)
);

CREATE TABLE public.conversations (
  id text NOT NULL,
  user_id character varying(255) NOT NULL,
  title character varying(255),
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (id)
);

CREATE TABLE public.feedback (
  id text NOT NULL,
  message_id text NOT NULL,
  rating public.feedback_rating NOT NULL,
  comment text,
  trace_id character varying(255),
  session_id character varying(255),
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT feedback_pkey PRIMARY KEY (id)
);

CREATE TABLE public.github_commits (
  sha character varying(64) NOT NULL,
  message text NOT NULL,
  body text,
  url character varying(2048),
  api_url character varying(2048),
  author_name character varying(255),
  author_email character varying(320),
  authored_at timestamp(3) with time zone,
  committer_name character varying(255),
  committer_email character varying(320),
  committed_at timestamp(3) with time zone,
  tree character varying(64),
  parent_shas text[],
  additions integer,
  deletions integer,
  total integer,
  repository_id character varying(255),
  repository_name character varying(255),
  repository_full_name character varying(255),
  files_data jsonb,
  verification jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deliveries jsonb,
  CONSTRAINT github_commits_pkey PRIMARY KEY (connector_config_id, sha)
);

CREATE TABLE public.github_issues (
  id character varying(255) NOT NULL,
  number integer NOT NULL,
  title character varying(1024) NOT NULL,
  body text,
  state character varying(16) NOT NULL,
  state_reason character varying(32),
  locked boolean DEFAULT false NOT NULL,
  url character varying(2048) NOT NULL,
  comments integer DEFAULT 0 NOT NULL,
  repository_id character varying(255),
  repository_name character varying(255) NOT NULL,
  repository_full_name character varying(255) NOT NULL,
  is_pull_request boolean DEFAULT false NOT NULL,
  label_names text[] DEFAULT '{}'::text[] NOT NULL,
  issue_created_at timestamp(3) with time zone NOT NULL,
  issue_updated_at timestamp(3) with time zone NOT NULL,
  closed_at timestamp(3) with time zone,
  author_data jsonb,
  assignees_data jsonb,
  labels_data jsonb,
  milestone_data jsonb,
  reactions_data jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deliveries jsonb,
  CONSTRAINT github_issues_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.github_pull_requests (
  id character varying(255) NOT NULL,
  number integer NOT NULL,
  title character varying(1024) NOT NULL,
  body text,
  state character varying(16) NOT NULL,
  draft boolean DEFAULT false NOT NULL,
  locked boolean DEFAULT false NOT NULL,
  merged boolean DEFAULT false NOT NULL,
  url character varying(2048) NOT NULL,
  diff_url character varying(2048),
  patch_url character varying(2048),
  merge_commit_sha character varying(64),
  commits integer,
  additions integer,
  deletions integer,
  changed_files integer,
  comments integer,
  review_comments integer,
  head_ref character varying(255) NOT NULL,
  head_sha character varying(64) NOT NULL,
  base_ref character varying(255) NOT NULL,
  base_sha character varying(64) NOT NULL,
  repository_id character varying(255) NOT NULL,
  repository_name character varying(255) NOT NULL,
  repository_full_name character varying(255) NOT NULL,
  mergeable_state character varying(32),
  author_association character varying(32),
  pr_created_at timestamp(3) with time zone NOT NULL,
  pr_updated_at timestamp(3) with time zone NOT NULL,
  merged_at timestamp(3) with time zone,
  closed_at timestamp(3) with time zone,
  user_data jsonb,
  assignees_data jsonb,
  reviewers_data jsonb,
  labels_data jsonb,
  milestone_data jsonb,
  head_repo_data jsonb,
  base_repo_data jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deliveries jsonb,
  CONSTRAINT github_pull_requests_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.github_repositories (
  id character varying(255) NOT NULL,
  name character varying(255) NOT NULL,
  full_name character varying(255) NOT NULL,
  description text,
  url character varying(2048),
  stars integer DEFAULT 0 NOT NULL,
  forks integer DEFAULT 0 NOT NULL,
  watchers integer DEFAULT 0 NOT NULL,
  open_issues integer DEFAULT 0 NOT NULL,
  language character varying(64),
  topics text[] DEFAULT '{}'::text[] NOT NULL,
  visibility character varying(16),
  is_private boolean DEFAULT false NOT NULL,
  is_fork boolean DEFAULT false NOT NULL,
  is_archived boolean DEFAULT false NOT NULL,
  is_disabled boolean DEFAULT false NOT NULL,
  is_template boolean DEFAULT false NOT NULL,
  default_branch character varying(255),
  size integer DEFAULT 0 NOT NULL,
  homepage character varying(2048),
  license character varying(64),
  clone_url character varying(2048),
  ssh_url character varying(2048),
  repo_created_at timestamp(3) with time zone,
  repo_updated_at timestamp(3) with time zone,
  pushed_at timestamp(3) with time zone,
  owner_data jsonb,
  license_data jsonb,
  metadata jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  deliveries jsonb,
  CONSTRAINT github_repositories_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.github_repository_files (
  id character varying(255) NOT NULL,
  repository_id character varying(255) NOT NULL,
  repository_full_name character varying(255) NOT NULL,
  branch character varying(255) NOT NULL,
  path character varying(4096) NOT NULL,
  name character varying(255) NOT NULL,
  sha character varying(64) NOT NULL,
  content text,
  size integer NOT NULL,
  language character varying(64),
  extension character varying(64),
  lines_of_code integer,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT github_repository_files_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.goals (
  id text NOT NULL,
  user_id character varying(255) NOT NULL,
  type character varying(64) NOT NULL,
  target integer NOT NULL,
  period character varying(32) NOT NULL,
  current integer DEFAULT 0 NOT NULL,
  progress integer DEFAULT 0 NOT NULL,
  streak integer DEFAULT 0 NOT NULL,
  label character varying(255) NOT NULL,
  icon character varying(64),
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT goals_pkey PRIMARY KEY (id),
  CONSTRAINT goals_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
  CONSTRAINT goals_target_check CHECK ((target > 0))
);

CREATE TABLE public.google_calendar_calendars (
  id character varying(255) NOT NULL,
  summary character varying(1024) NOT NULL,
  description text,
  location character varying(1024),
  time_zone character varying(64),
  access_role character varying(32) NOT NULL,
  background_color character varying(16),
  is_primary boolean DEFAULT false NOT NULL,
  is_selected boolean DEFAULT false NOT NULL,
  is_hidden boolean DEFAULT false NOT NULL,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT google_calendar_calendars_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.google_calendar_events (
  id character varying(255) NOT NULL,
  calendar_id character varying(255) NOT NULL,
  title character varying(1024),
  description text,
  starts_at timestamp(3) with time zone NOT NULL,
  ends_at timestamp(3) with time zone NOT NULL,
  start_date date,
  end_date date,
  is_all_day boolean DEFAULT false NOT NULL,
  time_zone character varying(64),
  location character varying(1024),
  status character varying(16) NOT NULL,
  visibility character varying(16),
  transparency character varying(16),
  ical_uid character varying(1024),
  sequence integer DEFAULT 0 NOT NULL,
  recurring_event_id character varying(255),
  event_type character varying(32),
  html_link character varying(2048),
  can_guests_modify boolean DEFAULT false NOT NULL,
  can_guests_invite_others boolean DEFAULT true NOT NULL,
  can_guests_see_other_guests boolean DEFAULT true NOT NULL,
  attendees jsonb,
  recurrence text[],
  reminders jsonb,
  conference_data jsonb,
  event_created_at timestamp(3) with time zone,
  event_updated_at timestamp(3) with time zone NOT NULL,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT google_calendar_events_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.google_contacts (
  id character varying(255) NOT NULL,
  display_name character varying(255),
  given_name character varying(255),
  family_name character varying(255),
  email character varying(320),
  phone character varying(64),
  organization character varying(255),
  job_title character varying(255),
  photo_url character varying(2048),
  contact_updated_at timestamp(3) with time zone,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT google_contacts_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.google_gmail_messages (
  id character varying(255) NOT NULL,
  thread_id character varying(255) NOT NULL,
  history_id character varying(32),
  snippet text,
  internal_date timestamp(3) with time zone NOT NULL,
  label_ids text[] DEFAULT '{}'::text[] NOT NULL,
  subject text,
  "from" text,
  "to" text,
  size_estimate integer,
  payload jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT google_gmail_messages_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.google_photos (
  id character varying(255) NOT NULL,
  product_url character varying(2048) NOT NULL,
  base_url character varying(2048),
  mime_type character varying(127) NOT NULL,
  filename character varying(255) NOT NULL,
  description text,
  creation_time timestamp(3) with time zone NOT NULL,
  width integer,
  height integer,
  media_metadata jsonb,
  contributor jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT google_photos_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.jira_issues (
  id character varying(255) NOT NULL,
  key character varying(64) NOT NULL,
  project_key character varying(32) NOT NULL,
  project_name character varying(255),
  issue_type character varying(64) NOT NULL,
  summary character varying(1024) NOT NULL,
  description text,
  status character varying(64) NOT NULL,
  status_category character varying(32),
  priority character varying(64),
  assignee jsonb,
  reporter jsonb,
  labels text[] DEFAULT '{}'::text[] NOT NULL,
  components text[] DEFAULT '{}'::text[] NOT NULL,
  sprint jsonb,
  story_points double precision,
  resolution character varying(64),
  url character varying(2048),
  jira_created_at timestamp(3) with time zone NOT NULL,
  jira_updated_at timestamp(3) with time zone NOT NULL,
  jira_resolved_at timestamp(3) with time zone,
  fields jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  assignee_id text GENERATED ALWAYS AS ((assignee ->> 'accountId'::text)) STORED,
  CONSTRAINT jira_issues_connector_config_id_key_key UNIQUE (connector_config_id, key),
  CONSTRAINT jira_issues_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.linear_issues (
  id character varying(255) NOT NULL,
  identifier character varying(64),
  title character varying(1024) NOT NULL,
  description text,
  state character varying(64) NOT NULL,
  priority integer DEFAULT 0 NOT NULL,
  assignee jsonb,
  team_id character varying(255),
  team character varying(255),
  project jsonb,
  url character varying(2048),
  labels text[] DEFAULT '{}'::text[] NOT NULL,
  issue_created_at timestamp(3) with time zone NOT NULL,
  issue_updated_at timestamp(3) with time zone NOT NULL,
  completed_at timestamp(3) with time zone,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  assignee_id text GENERATED ALWAYS AS ((assignee ->> 'id'::text)) STORED,
  project_id text GENERATED ALWAYS AS ((project ->> 'id'::text)) STORED,
  CONSTRAINT linear_issues_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.messages (
  id text NOT NULL,
  conversation_id text NOT NULL,
  role public.message_role NOT NULL,
  content text NOT NULL,
  metadata jsonb,
  trace_id character varying(255),
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.notion_pages (
  id character varying(255) NOT NULL,
  title character varying(2000) NOT NULL,
  url character varying(2048),
  parent_type character varying(32),
  parent_id character varying(255),
  is_archived boolean DEFAULT false NOT NULL,
  icon jsonb,
  cover jsonb,
  content text,
  properties jsonb,
  created_by jsonb,
  last_edited_by jsonb,
  page_created_at timestamp(3) with time zone NOT NULL,
  page_edited_at timestamp(3) with time zone NOT NULL,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT notion_pages_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.oauth_tokens (
  id text NOT NULL,
  connector_config_id text NOT NULL,
  token_type character varying(32) DEFAULT 'bearer'::character varying NOT NULL,
  access_token text NOT NULL,
  refresh_token text,
  expires_at timestamp(3) with time zone,
  scope text,
  metadata jsonb,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT oauth_tokens_access_token_check CHECK ((access_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT oauth_tokens_connector_config_id_key UNIQUE (connector_config_id),
  CONSTRAINT oauth_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT oauth_tokens_refresh_token_check CHECK ((refresh_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text))
);

CREATE TABLE public.providers (
  id text NOT NULL,
  slug character varying(64) NOT NULL,
  name character varying(255) NOT NULL,
  description text,
  logo_url character varying(2048),
  auth_type public.provider_auth_type NOT NULL,
  config_schema jsonb,
  is_enabled boolean DEFAULT true NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT providers_pkey PRIMARY KEY (id),
  CONSTRAINT providers_slug_key UNIQUE (slug)
);

CREATE TABLE public.slack_messages (
  id character varying(255) NOT NULL,
  channel_id character varying(255) NOT NULL,
  channel_name character varying(255),
  text text NOT NULL,
  user_id character varying(255),
  user_name character varying(255),
  ts character varying(32) NOT NULL,
  sent_at timestamp(3) with time zone GENERATED ALWAYS AS (to_timestamp((ts)::double precision)) STORED NOT NULL,
  thread_ts character varying(32),
  reply_count integer DEFAULT 0 NOT NULL,
  permalink character varying(2048),
  files jsonb,
  attachments jsonb,
  reactions jsonb,
  edited jsonb,
  pinned_to text[],
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT slack_messages_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.spotify_albums (
  id character varying(255) NOT NULL,
  name character varying(1024) NOT NULL,
  album_type character varying(32),
  artist_ids text[] DEFAULT '{}'::text[] NOT NULL,
  artist_names text[] DEFAULT '{}'::text[] NOT NULL,
  release_date character varying(10),
  release_date_precision character varying(8),
  total_tracks integer DEFAULT 0 NOT NULL,
  label character varying(255),
  url character varying(2048),
  images jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT spotify_albums_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.spotify_artists (
  id character varying(255) NOT NULL,
  name character varying(1024) NOT NULL,
  genres text[] DEFAULT '{}'::text[] NOT NULL,
  popularity integer,
  followers integer,
  url character varying(2048),
  images jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT spotify_artists_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.spotify_playlists (
  id character varying(255) NOT NULL,
  name character varying(1024) NOT NULL,
  description text,
  is_public boolean DEFAULT false NOT NULL,
  is_collaborative boolean DEFAULT false NOT NULL,
  owner jsonb,
  snapshot_id character varying(255),
  track_count integer DEFAULT 0 NOT NULL,
  url character varying(2048),
  images jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT spotify_playlists_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.spotify_recently_played (
  id character varying(255) NOT NULL,
  track_id character varying(255) NOT NULL,
  played_at timestamp(3) with time zone NOT NULL,
  context jsonb,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT spotify_recently_played_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.spotify_tracks (
  id character varying(255) NOT NULL,
  name character varying(1024) NOT NULL,
  artist_ids text[] DEFAULT '{}'::text[] NOT NULL,
  artist_names text[] DEFAULT '{}'::text[] NOT NULL,
  album_id character varying(255),
  album_name character varying(1024),
  duration_ms integer NOT NULL,
  popularity integer,
  track_number integer,
  disc_number integer,
  isrc character varying(16),
  is_explicit boolean DEFAULT false NOT NULL,
  url character varying(2048),
  preview_url character varying(2048),
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT spotify_tracks_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.x_tweets (
  id character varying(255) NOT NULL,
  text text NOT NULL,
  author_id character varying(255) NOT NULL,
  author jsonb,
  lang character varying(16),
  retweet_count integer DEFAULT 0 NOT NULL,
  reply_count integer DEFAULT 0 NOT NULL,
  like_count integer DEFAULT 0 NOT NULL,
  quote_count integer DEFAULT 0 NOT NULL,
  bookmark_count integer DEFAULT 0 NOT NULL,
  impression_count integer DEFAULT 0 NOT NULL,
  conversation_id character varying(255),
  in_reply_to_user_id character varying(255),
  in_reply_to_tweet_id character varying(255),
  media jsonb,
  poll jsonb,
  place jsonb,
  tweet_created_at timestamp(3) with time zone NOT NULL,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  author_username text GENERATED ALWAYS AS ((author ->> 'username'::text)) STORED,
  CONSTRAINT x_tweets_pkey PRIMARY KEY (connector_config_id, id)
);

CREATE TABLE public.youtube_subscriptions (
  id character varying(255) NOT NULL,
  title character varying(255) NOT NULL,
  description text,
  channel_id character varying(255) NOT NULL,
  resource_channel_id character varying(255) NOT NULL,
  published_at timestamp(3) with time zone NOT NULL,
  thumbnail_url character varying(2048),
  total_item_count integer DEFAULT 0 NOT NULL,
  new_item_count integer DEFAULT 0 NOT NULL,
  connector_config_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT youtube_subscriptions_pkey PRIMARY KEY (connector_config_id, id)
);

ALTER TABLE public.connector_configs ADD CONSTRAINT connector_configs_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.providers(id) ON DELETE CASCADE;
ALTER TABLE public.connector_sync_states ADD CONSTRAINT connector_sync_states_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.feedback ADD CONSTRAINT feedback_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE;
ALTER TABLE public.github_commits ADD CONSTRAINT github_commits_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.github_issues ADD CONSTRAINT github_issues_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.github_pull_requests ADD CONSTRAINT github_pull_requests_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.github_repositories ADD CONSTRAINT github_repositories_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.github_repository_files ADD CONSTRAINT github_repository_files_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.google_calendar_calendars ADD CONSTRAINT google_calendar_calendars_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.google_calendar_events ADD CONSTRAINT google_calendar_events_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.google_contacts ADD CONSTRAINT google_contacts_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.google_gmail_messages ADD CONSTRAINT google_gmail_messages_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.google_photos ADD CONSTRAINT google_photos_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.jira_issues ADD CONSTRAINT jira_issues_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.linear_issues ADD CONSTRAINT linear_issues_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE;
ALTER TABLE public.notion_pages ADD CONSTRAINT notion_pages_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.oauth_tokens ADD CONSTRAINT oauth_tokens_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.slack_messages ADD CONSTRAINT slack_messages_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.spotify_albums ADD CONSTRAINT spotify_albums_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.spotify_artists ADD CONSTRAINT spotify_artists_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.spotify_playlists ADD CONSTRAINT spotify_playlists_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.spotify_recently_played ADD CONSTRAINT spotify_recently_played_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.spotify_tracks ADD CONSTRAINT spotify_tracks_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.x_tweets ADD CONSTRAINT x_tweets_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;
ALTER TABLE public.youtube_subscriptions ADD CONSTRAINT youtube_subscriptions_connector_config_id_fkey FOREIGN KEY (connector_config_id) REFERENCES public.connector_configs(id) ON DELETE CASCADE;

CREATE INDEX connector_configs_provider_id_idx ON public.connector_configs USING btree (provider_id);
CREATE INDEX connector_configs_user_id_created_at_idx ON public.connector_configs USING btree (user_id, created_at, id);
CREATE INDEX conversations_user_id_updated_at_idx ON public.conversations USING btree (user_id, updated_at, id);
CREATE INDEX feedback_message_id_created_at_idx ON public.feedback USING btree (message_id, created_at, id);
CREATE INDEX github_commits_activity_idx ON public.github_commits USING btree (connector_config_id, committed_at, sha);
CREATE INDEX github_commits_repository_idx ON public.github_commits USING btree (connector_config_id, repository_id, updated_at, sha);
CREATE INDEX github_commits_sync_idx ON public.github_commits USING btree (connector_config_id, updated_at, sha);
CREATE INDEX github_issues_activity_idx ON public.github_issues USING btree (connector_config_id, issue_updated_at, id);
CREATE INDEX github_issues_label_names_idx ON public.github_issues USING gin (label_names);
CREATE INDEX github_issues_repository_idx ON public.github_issues USING btree (connector_config_id, repository_id, updated_at, id);
CREATE INDEX github_issues_sync_idx ON public.github_issues USING btree (connector_config_id, updated_at, id);
CREATE INDEX github_pull_requests_activity_idx ON public.github_pull_requests USING btree (connector_config_id, pr_updated_at, id);
CREATE INDEX github_pull_requests_open_idx ON public.github_pull_requests USING btree (connector_config_id, pr_created_at, id) WHERE ((state)::text = 'open'::text);
CREATE INDEX github_pull_requests_repository_idx ON public.github_pull_requests USING btree (connector_config_id, repository_id, updated_at, id);
CREATE INDEX github_pull_requests_sync_idx ON public.github_pull_requests USING btree (connector_config_id, updated_at, id);
CREATE INDEX github_repositories_activity_idx ON public.github_repositories USING btree (connector_config_id, pushed_at, id);
CREATE INDEX github_repositories_sync_idx ON public.github_repositories USING btree (connector_config_id, updated_at, id);
CREATE INDEX github_repository_files_repository_idx ON public.github_repository_files USING btree (connector_config_id, repository_id, updated_at, id);
CREATE INDEX github_repository_files_sync_idx ON public.github_repository_files USING btree (connector_config_id, updated_at, id);
CREATE INDEX goals_user_id_created_at_idx ON public.goals USING btree (user_id, created_at, id);
CREATE INDEX google_calendar_calendars_sync_idx ON public.google_calendar_calendars USING btree (connector_config_id, updated_at, id);
CREATE INDEX google_calendar_events_activity_idx ON public.google_calendar_events USING btree (connector_config_id, event_updated_at, id);
CREATE INDEX google_calendar_events_calendar_idx ON public.google_calendar_events USING btree (connector_config_id, calendar_id, updated_at, id);
CREATE INDEX google_calendar_events_recurring_idx ON public.google_calendar_events USING btree (connector_config_id, recurring_event_id);
CREATE INDEX google_calendar_events_sync_idx ON public.google_calendar_events USING btree (connector_config_id, updated_at, id);
CREATE INDEX google_calendar_events_upcoming_idx ON public.google_calendar_events USING btree (connector_config_id, starts_at, id);
CREATE INDEX google_contacts_sync_idx ON public.google_contacts USING btree (connector_config_id, updated_at, id);
CREATE INDEX google_gmail_messages_activity_idx ON public.google_gmail_messages USING btree (connector_config_id, internal_date, id);
CREATE INDEX google_gmail_messages_sync_idx ON public.google_gmail_messages USING btree (connector_config_id, updated_at, id);
CREATE INDEX google_gmail_messages_thread_idx ON public.google_gmail_messages USING btree (connector_config_id, thread_id, internal_date, id);
CREATE INDEX google_gmail_messages_thread_sync_idx ON public.google_gmail_messages USING btree (connector_config_id, thread_id, updated_at, id);
CREATE INDEX google_photos_activity_idx ON public.google_photos USING btree (connector_config_id, creation_time, id);
CREATE INDEX google_photos_sync_idx ON public.google_photos USING btree (connector_config_id, updated_at, id);
CREATE INDEX jira_issues_activity_idx ON public.jira_issues USING btree (connector_config_id, jira_updated_at, id);
CREATE INDEX jira_issues_assignee_idx ON public.jira_issues USING btree (connector_config_id, assignee_id, updated_at, id);
CREATE INDEX jira_issues_project_idx ON public.jira_issues USING btree (connector_config_id, project_key, updated_at, id);
CREATE INDEX jira_issues_sync_idx ON public.jira_issues USING btree (connector_config_id, updated_at, id);
CREATE INDEX linear_issues_activity_idx ON public.linear_issues USING btree (connector_config_id, issue_updated_at, id);
CREATE INDEX linear_issues_assignee_idx ON public.linear_issues USING btree (connector_config_id, assignee_id, updated_at, id);
CREATE INDEX linear_issues_project_idx ON public.linear_issues USING btree (connector_config_id, project_id, updated_at, id);
CREATE INDEX linear_issues_sync_idx ON public.linear_issues USING btree (connector_config_id, updated_at, id);
CREATE INDEX linear_issues_team_idx ON public.linear_issues USING btree (connector_config_id, team_id, updated_at, id);
CREATE INDEX messages_conversation_id_created_at_idx ON public.messages USING btree (conversation_id, created_at, id);
CREATE INDEX notion_pages_activity_idx ON public.notion_pages USING btree (connector_config_id, page_edited_at, id);
CREATE INDEX notion_pages_parent_idx ON public.notion_pages USING btree (connector_config_id, parent_id, updated_at, id);
CREATE INDEX notion_pages_sync_idx ON public.notion_pages USING btree (connector_config_id, updated_at, id);
CREATE INDEX slack_messages_activity_idx ON public.slack_messages USING btree (connector_config_id, sent_at, id);
CREATE INDEX slack_messages_channel_idx ON public.slack_messages USING btree (connector_config_id, channel_id, updated_at, id);
CREATE INDEX slack_messages_sync_idx ON public.slack_messages USING btree (connector_config_id, updated_at, id);
CREATE INDEX slack_messages_thread_idx ON public.slack_messages USING btree (connector_config_id, channel_id, thread_ts, ts);
CREATE INDEX spotify_albums_sync_idx ON public.spotify_albums USING btree (connector_config_id, updated_at, id);
CREATE INDEX spotify_artists_sync_idx ON public.spotify_artists USING btree (connector_config_id, updated_at, id);
CREATE INDEX spotify_playlists_sync_idx ON public.spotify_playlists USING btree (connector_config_id, updated_at, id);
CREATE INDEX spotify_recently_played_activity_idx ON public.spotify_recently_played USING btree (connector_config_id, played_at, id);
CREATE INDEX spotify_recently_played_sync_idx ON public.spotify_recently_played USING btree (connector_config_id, updated_at, id);
CREATE INDEX spotify_recently_played_track_idx ON public.spotify_recently_played USING btree (connector_config_id, track_id, updated_at, id);
CREATE INDEX spotify_tracks_album_idx ON public.spotify_tracks USING btree (connector_config_id, album_id, updated_at, id);
CREATE INDEX spotify_tracks_sync_idx ON public.spotify_tracks USING btree (connector_config_id, updated_at, id);
CREATE INDEX x_tweets_activity_idx ON public.x_tweets USING btree (connector_config_id, tweet_created_at, id);
CREATE INDEX x_tweets_author_idx ON public.x_tweets USING btree (connector_config_id, author_id, updated_at, id);
CREATE INDEX x_tweets_author_username_idx ON public.x_tweets USING btree (connector_config_id, author_username, updated_at, id);
CREATE INDEX x_tweets_conversation_idx ON public.x_tweets USING btree (connector_config_id, conversation_id, updated_at, id);
CREATE INDEX x_tweets_in_reply_to_idx ON public.x_tweets USING btree (connector_config_id, in_reply_to_tweet_id);
CREATE INDEX x_tweets_sync_idx ON public.x_tweets USING btree (connector_config_id, updated_at, id);
CREATE INDEX youtube_subscriptions_activity_idx ON public.youtube_subscriptions USING btree (connector_config_id, published_at, id);
CREATE INDEX youtube_subscriptions_sync_idx ON public.youtube_subscriptions USING btree (connector_config_id, updated_at, id);
