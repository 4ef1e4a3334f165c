-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;

CREATE TYPE public.agent AS ENUM ('claude', 'codex', 'copilot', 'cursor', 'gemini', 'opencode');
CREATE TYPE public.connector_status AS ENUM ('connected', 'disconnected');
CREATE TYPE public.connector_type AS ENUM ('local', 'remote');
CREATE TYPE public.key_provider AS ENUM ('anthropic', 'openai', 'cursor', 'gemini', 'aigateway');
CREATE TYPE public.log_type AS ENUM ('info', 'command', 'error', 'success');
CREATE TYPE public.message_role AS ENUM ('user', 'agent');
CREATE TYPE public.oauth_provider AS ENUM ('github', 'vercel');
CREATE TYPE public.pull_request_status AS ENUM ('open', 'closed', 'merged');
CREATE TYPE public.task_status AS ENUM ('pending', 'processing', 'completed', 'error', 'stopped');

CREATE TABLE public.accounts (
  id text NOT NULL,
  user_id text NOT NULL,
  provider public.oauth_provider NOT NULL,
  external_user_id text NOT NULL,
  access_token text NOT NULL,
  refresh_token text,
  expires_at timestamp(3) with time zone,
  scope text,
  username text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT accounts_access_token_check CHECK ((access_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT accounts_pkey PRIMARY KEY (id),
  CONSTRAINT accounts_refresh_token_check CHECK ((refresh_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text))
);

CREATE TABLE public.connectors (
  id text NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL,
  description text,
  type public.connector_type DEFAULT 'remote'::public.connector_type NOT NULL,
  base_url text,
  oauth_client_id text,
  oauth_client_secret text,
  oauth_client_secret_hint text,
  command text,
  env text,
  env_names text[] DEFAULT '{}'::text[] NOT NULL,
  status public.connector_status DEFAULT 'disconnected'::public.connector_status NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT connectors_env_check CHECK ((env ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT connectors_oauth_client_secret_check CHECK ((oauth_client_secret ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT connectors_oauth_client_secret_hint_check CHECK (((oauth_client_secret IS NULL) = (oauth_client_secret_hint IS NULL))),
  CONSTRAINT connectors_pkey PRIMARY KEY (id),
  CONSTRAINT connectors_type_check CHECK (
CASE type
    WHEN 'remote'::public.connector_type THEN (base_url IS NOT NULL)
    ELSE (command IS NOT NULL)
END)
);

CREATE TABLE public.daily_usage (
  user_id text NOT NULL,
  day date NOT NULL,
  messages integer NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT daily_usage_messages_check CHECK ((messages >= 0)),
  CONSTRAINT daily_usage_pkey PRIMARY KEY (user_id, day)
);

CREATE TABLE public.keys (
  id text NOT NULL,
  user_id text NOT NULL,
  provider public.key_provider NOT NULL,
  value text NOT NULL,
  value_hint text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT keys_pkey PRIMARY KEY (id),
  CONSTRAINT keys_value_check CHECK ((value ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text))
);

CREATE TABLE public.preferences (
  id text NOT NULL,
  user_id text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT preferences_pkey PRIMARY KEY (id)
);

CREATE TABLE public.settings (
  id text NOT NULL,
  user_id text NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT settings_pkey PRIMARY KEY (id)
);

CREATE TABLE public.tags (
  id text NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL,
  color text DEFAULT '#6b7280'::text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT tags_color_check CHECK ((color ~ '^#[0-9a-fA-F]{6}$'::text)),
  CONSTRAINT tags_id_user_id_key UNIQUE (id, user_id),
  CONSTRAINT tags_pkey PRIMARY KEY (id)
);

CREATE TABLE public.task_logs (
  id text NOT NULL,
  user_id text NOT NULL,
  task_id text NOT NULL,
  sequence integer NOT NULL,
  type public.log_type DEFAULT 'info'::public.log_type NOT NULL,
  message text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT task_logs_pkey PRIMARY KEY (id),
  CONSTRAINT task_logs_sequence_check CHECK ((sequence >= 1)),
  CONSTRAINT task_logs_task_id_sequence_key UNIQUE (task_id, sequence)
);

CREATE TABLE public.task_messages (
  id text NOT NULL,
  user_id text NOT NULL,
  task_id text NOT NULL,
  sequence integer NOT NULL,
  role public.message_role NOT NULL,
  content text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT task_messages_pkey PRIMARY KEY (id),
  CONSTRAINT task_messages_sequence_check CHECK ((sequence >= 1)),
  CONSTRAINT task_messages_task_id_sequence_key UNIQUE (task_id, sequence)
);

CREATE TABLE public.task_tags (
  user_id text NOT NULL,
  task_id text NOT NULL,
  tag_id text NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT task_tags_pkey PRIMARY KEY (task_id, tag_id)
);

CREATE TABLE public.tasks (
  id text NOT NULL,
  user_id text NOT NULL,
  prompt text NOT NULL,
  title text,
  repo_url text,
  selected_agent public.agent DEFAULT 'claude'::public.agent NOT NULL,
  selected_model text,
  install_dependencies boolean DEFAULT false NOT NULL,
  max_duration integer DEFAULT 300 NOT NULL,
  keep_alive boolean DEFAULT false NOT NULL,
  enable_browser boolean DEFAULT false NOT NULL,
  status public.task_status DEFAULT 'pending'::public.task_status NOT NULL,
  progress integer DEFAULT 0 NOT NULL,
  error text,
  branch_name text,
  sandbox_id text,
  sandbox_url text,
  agent_session_id text,
  preview_url text,
  pr_url text,
  pr_number integer,
  pr_status public.pull_request_status,
  pr_merge_commit_sha text,
  mcp_server_ids text[] DEFAULT '{}'::text[] NOT NULL,
  lease_token text,
  lease_expires_at timestamp(3) with time zone,
  attempts integer DEFAULT 0 NOT NULL,
  message_count integer DEFAULT 0 NOT NULL,
  log_count integer DEFAULT 0 NOT NULL,
  completed_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  search tsvector GENERATED ALWAYS AS ((array_to_tsvector(ARRAY[('user:'::text || user_id)]) || to_tsvector('english'::regconfig, ((COALESCE(title, ''::text) || ' '::text) || prompt)))) STORED NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT tasks_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT tasks_completed_at_check CHECK (((completed_at IS NOT NULL) = (status = ANY (ARRAY['completed'::public.task_status, 'error'::public.task_status, 'stopped'::public.task_status])))),
  CONSTRAINT tasks_counts_check CHECK (((message_count >= 0) AND (log_count >= 0))),
  CONSTRAINT tasks_id_user_id_key UNIQUE (id, user_id),
  CONSTRAINT tasks_lease_check CHECK ((((lease_token IS NULL) = (lease_expires_at IS NULL)) AND ((lease_token IS NULL) OR (status = 'processing'::public.task_status)))),
  CONSTRAINT tasks_max_duration_check CHECK (((max_duration >= 1) AND (max_duration <= 300))),
  CONSTRAINT tasks_pkey PRIMARY KEY (id),
  CONSTRAINT tasks_pr_number_check CHECK ((pr_number > 0)),
  CONSTRAINT tasks_progress_check CHECK (((progress >= 0) AND (progress <= 100)))
);

CREATE TABLE public.users (
  id text NOT NULL,
  provider public.oauth_provider NOT NULL,
  external_id text NOT NULL,
  access_token text NOT NULL,
  refresh_token text,
  scope text,
  username text NOT NULL,
  email text,
  name text,
  avatar_url text,
  last_login_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_access_token_check CHECK ((access_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_refresh_token_check CHECK ((refresh_token ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'::text))
);

ALTER TABLE public.accounts ADD CONSTRAINT accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.connectors ADD CONSTRAINT connectors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.daily_usage ADD CONSTRAINT daily_usage_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.keys ADD CONSTRAINT keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.preferences ADD CONSTRAINT preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.settings ADD CONSTRAINT settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.tags ADD CONSTRAINT tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.task_logs ADD CONSTRAINT task_logs_task_id_user_id_fkey FOREIGN KEY (task_id, user_id) REFERENCES public.tasks(id, user_id) ON DELETE CASCADE;
ALTER TABLE public.task_logs ADD CONSTRAINT task_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.task_messages ADD CONSTRAINT task_messages_task_id_user_id_fkey FOREIGN KEY (task_id, user_id) REFERENCES public.tasks(id, user_id) ON DELETE CASCADE;
ALTER TABLE public.task_messages ADD CONSTRAINT task_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.task_tags ADD CONSTRAINT task_tags_tag_id_user_id_fkey FOREIGN KEY (tag_id, user_id) REFERENCES public.tags(id, user_id) ON DELETE CASCADE;
ALTER TABLE public.task_tags ADD CONSTRAINT task_tags_task_id_user_id_fkey FOREIGN KEY (task_id, user_id) REFERENCES public.tasks(id, user_id) ON DELETE CASCADE;
ALTER TABLE public.task_tags ADD CONSTRAINT task_tags_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.tasks ADD CONSTRAINT tasks_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

CREATE INDEX accounts_access_token_key_idx ON public.accounts USING btree ((((encode(decode((translate(split_part(access_token, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(access_token, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (access_token IS NOT NULL);
CREATE UNIQUE INDEX accounts_provider_external_user_id_key ON public.accounts USING btree (provider, external_user_id);
CREATE INDEX accounts_refresh_token_key_idx ON public.accounts USING btree ((((encode(decode((translate(split_part(refresh_token, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(refresh_token, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (refresh_token IS NOT NULL);
CREATE UNIQUE INDEX accounts_user_id_provider_key ON public.accounts USING btree (user_id, provider);
CREATE INDEX connectors_env_key_idx ON public.connectors USING btree ((((encode(decode((translate(split_part(env, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(env, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (env IS NOT NULL);
CREATE INDEX connectors_oauth_client_secret_key_idx ON public.connectors USING btree ((((encode(decode((translate(split_part(oauth_client_secret, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(oauth_client_secret, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (oauth_client_secret IS NOT NULL);
CREATE INDEX connectors_user_id_name_id_idx ON public.connectors USING btree (user_id, name, id);
CREATE UNIQUE INDEX keys_user_id_provider_key ON public.keys USING btree (user_id, provider);
CREATE INDEX keys_value_key_idx ON public.keys USING btree ((((encode(decode((translate(split_part(value, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(value, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (value IS NOT NULL);
CREATE UNIQUE INDEX preferences_user_id_key_key ON public.preferences USING btree (user_id, key);
CREATE UNIQUE INDEX settings_user_id_key_key ON public.settings USING btree (user_id, key);
CREATE UNIQUE INDEX tags_user_id_name_key ON public.tags USING btree (user_id, lower(name));
CREATE INDEX task_logs_user_id_task_id_idx ON public.task_logs USING btree (user_id, task_id);
CREATE INDEX task_messages_user_id_task_id_idx ON public.task_messages USING btree (user_id, task_id);
CREATE INDEX task_tags_tag_id_user_id_task_id_idx ON public.task_tags USING btree (tag_id, user_id, task_id);
CREATE INDEX task_tags_user_id_task_id_idx ON public.task_tags USING btree (user_id, task_id);
CREATE INDEX tasks_lease_expires_at_id_idx ON public.tasks USING btree (lease_expires_at, id) WHERE ((status = 'processing'::public.task_status) AND (deleted_at IS NULL));
CREATE INDEX tasks_pending_idx ON public.tasks USING btree (created_at, id) WHERE ((status = 'pending'::public.task_status) AND (deleted_at IS NULL));
CREATE INDEX tasks_search_idx ON public.tasks USING gin (search);
CREATE INDEX tasks_user_id_created_at_id_deleted_idx ON public.tasks USING btree (user_id, created_at, id) WHERE (deleted_at IS NOT NULL);
CREATE INDEX tasks_user_id_created_at_id_live_idx ON public.tasks USING btree (user_id, created_at, id) WHERE (deleted_at IS NULL);
CREATE INDEX tasks_user_id_status_created_at_id_idx ON public.tasks USING btree (user_id, status, created_at, id);
CREATE INDEX users_access_token_key_idx ON public.users USING btree ((((encode(decode((translate(split_part(access_token, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(access_token, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (access_token IS NOT NULL);
CREATE UNIQUE INDEX users_provider_external_id_key ON public.users USING btree (provider, external_id);
CREATE INDEX users_refresh_token_key_idx ON public.users USING btree ((((encode(decode((translate(split_part(refresh_token, '.'::text, 1), '-_'::text, '+/'::text) || repeat('='::text, ((- length(split_part(refresh_token, '.'::text, 1))) & 3))), 'base64'::text), 'escape'::text))::jsonb ->> 'kid'::text)), id) WHERE (refresh_token IS NOT NULL);
