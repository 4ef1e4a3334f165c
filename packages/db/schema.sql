-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;

CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TYPE public."AgentRole" AS ENUM ('PARTNER', 'PLANNER', 'WRITER');
CREATE TYPE public."AiProvider" AS ENUM ('pagespace', 'openrouter', 'google', 'openai', 'anthropic', 'xai');
CREATE TYPE public."ChatMessageType" AS ENUM ('standard', 'todo_list');
CREATE TYPE public."ChatRole" AS ENUM ('user', 'assistant', 'system');
CREATE TYPE public."ConnectionStatus" AS ENUM ('PENDING', 'ACCEPTED', 'BLOCKED');
CREATE TYPE public."ConversationType" AS ENUM ('GLOBAL', 'PAGE', 'DRIVE');
CREATE TYPE public."DevicePlatform" AS ENUM ('WEB', 'DESKTOP', 'IOS', 'ANDROID');
CREATE TYPE public."EmailStatus" AS ENUM ('QUEUED', 'SENT', 'FAILED');
CREATE TYPE public."LogLevel" AS ENUM ('DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL');
CREATE TYPE public."MemberRole" AS ENUM ('OWNER', 'ADMIN', 'MEMBER');
CREATE TYPE public."MessageStatus" AS ENUM ('STREAMING', 'COMPLETE', 'INTERRUPTED');
CREATE TYPE public."NotificationType" AS ENUM ('PERMISSION_GRANTED', 'PERMISSION_UPDATED', 'PERMISSION_REVOKED', 'PAGE_SHARED', 'DRIVE_INVITED', 'DRIVE_JOINED', 'DRIVE_ROLE_CHANGED', 'CONNECTION_REQUEST', 'CONNECTION_ACCEPTED', 'CONNECTION_REJECTED', 'NEW_DIRECT_MESSAGE', 'MENTION');
CREATE TYPE public."PageType" AS ENUM ('FOLDER', 'DOCUMENT', 'CHANNEL', 'AI_CHAT', 'CANVAS', 'FILE', 'SHEET');
CREATE TYPE public."ProcessingStatus" AS ENUM ('pending', 'processing', 'completed', 'failed');
CREATE TYPE public."StorageEventType" AS ENUM ('UPLOAD', 'DELETE', 'UPDATE', 'RECONCILE');
CREATE TYPE public."SubscriptionStatus" AS ENUM ('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED');
CREATE TYPE public."UserRole" AS ENUM ('USER', 'ADMIN');
CREATE TYPE public."VerificationTokenType" AS ENUM ('EMAIL', 'PASSWORD_RESET', 'MAGIC_LINK');

CREATE OR REPLACE FUNCTION public.audit_chain_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
	INSERT INTO "audit_heads" ("scope", "position", "hash") VALUES (NEW."scope", 1, repeat('0', 64))
		ON CONFLICT ("scope") DO UPDATE SET "position" = "audit_heads"."position" + 1
		RETURNING "position", "hash" INTO NEW."position", NEW."previousHash";
	NEW."recordedAt" := clock_timestamp()::timestamp (3) with time zone;
	NEW."updatedAt" := NEW."recordedAt";
	NEW."redactedAt" := NULL;
	NEW."salt" := replace(gen_random_uuid()::text, '-', '');
	NEW."detailsHash" := "audit_sha256"(NEW."salt", NEW."before"::text, NEW."after"::text);
	NEW."hash" := "audit_sha256"(NEW."previousHash", NEW."scope", NEW."position"::text, NEW."id", NEW."actorId",
		NEW."action", NEW."driveId", NEW."pageId", NEW."targetUserId", NEW."detailsHash",
		"audit_millis"(NEW."recordedAt"), "audit_millis"(NEW."createdAt"));
	UPDATE "audit_heads" SET "hash" = NEW."hash", "updatedAt" = NEW."recordedAt" WHERE "scope" = NEW."scope";
	RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION public.audit_field(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN COALESCE(((octet_length(value) || ':'::text) || value), '-'::text);

CREATE OR REPLACE FUNCTION public.audit_keep_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
	"rest" "audit_entries";
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF OLD."position" <= (SELECT "prunedPosition" FROM "audit_heads" WHERE "scope" = OLD."scope") THEN
			RETURN OLD;
		END IF;
	ELSIF TG_OP = 'UPDATE' AND OLD."redactedAt" IS NULL AND OLD."action" NOT LIKE 'audit.%'
		AND NEW."before" IS NULL AND NEW."after" IS NULL THEN
		"rest" := NEW;
		"rest"."before" := OLD."before"; "rest"."after" := OLD."after"; "rest"."salt" := OLD."salt";
		"rest"."redactedAt" := OLD."redactedAt"; "rest"."updatedAt" := OLD."updatedAt";
		IF "rest" IS NOT DISTINCT FROM OLD THEN
			NEW."salt" := NULL;
			NEW."redactedAt" := clock_timestamp()::timestamp (3) with time zone;
			NEW."updatedAt" := NEW."redactedAt";
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION 'audit_entries is append-only' USING ERRCODE = '42501';
END
$function$;

CREATE OR REPLACE FUNCTION public.audit_keep_head()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	IF TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' AND (NEW."scope", NEW."position", NEW."hash") = (OLD."scope", OLD."position", OLD."hash")
		AND NEW."prunedPosition" > OLD."prunedPosition"
		AND NEW."prunedHash" = (SELECT "hash" FROM "audit_entries"
			WHERE "scope" = NEW."scope" AND "position" = NEW."prunedPosition") THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'audit_heads is written by the audit trail alone' USING ERRCODE = '42501';
END
$function$;

CREATE OR REPLACE FUNCTION public.audit_millis(value timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((EXTRACT(epoch FROM value) * (1000)::numeric))::bigint)::text;

CREATE OR REPLACE FUNCTION public.audit_record_pruning()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	IF NEW."prunedPosition" > OLD."prunedPosition" THEN
		INSERT INTO "audit_entries" ("scope", "id", "action", "after") VALUES (NEW."scope",
			'r' || left(replace(gen_random_uuid()::text, '-', ''), 23), 'audit.prune',
			jsonb_build_object('position', NEW."prunedPosition"));
	END IF;
	RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION public.audit_record_redaction()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	INSERT INTO "audit_entries" ("scope", "id", "action", "after", "createdAt") VALUES (NEW."scope",
		'r' || left(replace(gen_random_uuid()::text, '-', ''), 23), 'audit.redact',
		jsonb_build_object('position', NEW."position"), NEW."redactedAt");
	RETURN NULL;
END
$function$;

CREATE OR REPLACE FUNCTION public.audit_sha256(VARIADIC fields text[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to((SELECT string_agg(public.audit_field(f.field), ''::text ORDER BY f.place) AS string_agg FROM unnest(audit_sha256.fields) WITH ORDINALITY f(field, place)), 'UTF8'::name)), 'hex'::text);

CREATE OR REPLACE FUNCTION public.fill_mention_drive()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	NEW."sourceDriveId" := (SELECT "driveId" FROM "pages" WHERE "id" = NEW."sourcePageId");
	RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION public.keep_page_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	INSERT INTO "page_versions" ("pageId", "revision", "title", "content", "contentHash", "createdAt", "updatedAt")
		VALUES (OLD."id", OLD."revision", OLD."title", OLD."content",
			encode(sha256(convert_to(OLD."content", 'UTF8')), 'hex'), clock_timestamp(), clock_timestamp())
		ON CONFLICT ("pageId", "revision") DO NOTHING;
	NEW."revision" := greatest(NEW."revision", OLD."revision" + 1);
	RETURN NEW;
END
$function$;

CREATE OR REPLACE FUNCTION public.release_storage()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
	PERFORM 1 FROM "users"
		WHERE "id" IN (SELECT "uploadedBy" FROM "gone" WHERE "chargedBytes" > 0)
		ORDER BY "id" FOR NO KEY UPDATE;
	INSERT INTO "storage_events" ("id", "userId", "pageId", "type", "sizeDelta", "totalAfter", "createdAt", "updatedAt")
	SELECT
		-- In the form of a CUID2.
		's' || left(replace(gen_random_uuid()::text, '-', ''), 23),
		"released"."uploadedBy", "pages"."id", 'DELETE',
		greatest("ledger"."used" - "released"."chargedSoFar", 0)
			- greatest("ledger"."used" - "released"."chargedSoFar" + "released"."chargedBytes", 0),
		greatest("ledger"."used" - "released"."chargedSoFar", 0),
		"ledger"."at" + "released"."place" * interval '1 ms', clock_timestamp()
	FROM (
		SELECT "uploadedBy", "pageId", "chargedBytes",
			sum("chargedBytes") OVER "charged" AS "chargedSoFar",
			row_number() OVER "charged" AS "place"
		FROM "gone" WHERE "chargedBytes" > 0
		WINDOW "charged" AS (PARTITION BY "uploadedBy" ORDER BY "fileId", "pageId" ROWS UNBOUNDED PRECEDING)
	) "released"
	JOIN "users" ON "users"."id" = "released"."uploadedBy"
	LEFT JOIN "pages" ON "pages"."id" = "released"."pageId"
	CROSS JOIN LATERAL (
		SELECT coalesce(sum("sizeDelta"), 0) AS "used",
			greatest(clock_timestamp()::timestamp (3) with time zone, max("createdAt")) AS "at"
		FROM "storage_events" WHERE "userId" = "users"."id"
	) "ledger";
	RETURN NULL;
END
$function$;

CREATE TABLE public.ai_usage_logs (
  id text NOT NULL,
  "userId" text,
  "conversationId" text,
  "pageId" text,
  provider public."AiProvider" NOT NULL,
  model text NOT NULL,
  "inputTokens" integer DEFAULT 0 NOT NULL,
  "outputTokens" integer DEFAULT 0 NOT NULL,
  "totalTokens" bigint GENERATED ALWAYS AS ((("inputTokens")::bigint + "outputTokens")) STORED,
  "costMicros" bigint,
  "durationMs" integer,
  success boolean NOT NULL,
  error text,
  metadata jsonb,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT ai_usage_logs_amounts_check CHECK ((("inputTokens" >= 0) AND ("outputTokens" >= 0) AND ("costMicros" >= 0) AND ("durationMs" >= 0))),
  CONSTRAINT ai_usage_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE public.api_metrics (
  id text NOT NULL,
  method text NOT NULL,
  route text NOT NULL,
  "statusCode" integer NOT NULL,
  "durationMs" integer NOT NULL,
  "userId" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "api_metrics_durationMs_check" CHECK (("durationMs" >= 0)),
  CONSTRAINT "api_metrics_statusCode_check" CHECK ((("statusCode" >= 100) AND ("statusCode" <= 599))),
  CONSTRAINT api_metrics_pkey PRIMARY KEY (id)
);

CREATE TABLE public.audit_entries (
  scope text NOT NULL,
  "position" bigint DEFAULT 0 NOT NULL,
  id text NOT NULL,
  "actorId" text,
  action text NOT NULL,
  "driveId" text,
  "pageId" text,
  "targetUserId" text,
  before jsonb,
  after jsonb,
  salt text,
  "detailsHash" text DEFAULT ''::text NOT NULL,
  "redactedAt" timestamp(3) with time zone,
  "recordedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "previousHash" text DEFAULT ''::text NOT NULL,
  hash text DEFAULT ''::text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "audit_entries_detailsHash_check" CHECK (("detailsHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT "audit_entries_previousHash_check" CHECK (("previousHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT audit_entries_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT audit_entries_pkey PRIMARY KEY (scope, "position")
);

CREATE TABLE public.audit_heads (
  scope text NOT NULL,
  "position" bigint NOT NULL,
  hash text NOT NULL,
  "prunedPosition" bigint DEFAULT 0 NOT NULL,
  "prunedHash" text DEFAULT '0000000000000000000000000000000000000000000000000000000000000000'::text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT audit_heads_pkey PRIMARY KEY (scope),
  CONSTRAINT audit_heads_position_check CHECK ((("prunedPosition" >= 0) AND ("prunedPosition" <= "position")))
);

CREATE TABLE public.audit_pseudonyms (
  pseudonym text NOT NULL,
  "userId" text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "audit_pseudonyms_userId_key" UNIQUE ("userId"),
  CONSTRAINT audit_pseudonyms_pkey PRIMARY KEY (pseudonym)
);

CREATE TABLE public.billing_events (
  id text NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  "processedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT billing_events_pkey PRIMARY KEY (id)
);

CREATE TABLE public.channel_message_reactions (
  id text NOT NULL,
  "messageId" text NOT NULL,
  "userId" text NOT NULL,
  emoji text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT channel_message_reactions_emoji_check CHECK (((char_length(emoji) >= 1) AND (char_length(emoji) <= 64))),
  CONSTRAINT channel_message_reactions_pkey PRIMARY KEY (id)
);

CREATE TABLE public.channel_messages (
  id text NOT NULL,
  "pageId" text NOT NULL,
  "userId" text NOT NULL,
  "parentId" text,
  content text NOT NULL,
  "editedAt" timestamp(3) with time zone,
  "isActive" boolean DEFAULT true NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "channel_messages_pageId_id_key" UNIQUE ("pageId", id),
  CONSTRAINT "channel_messages_parentId_check" CHECK (("parentId" <> id)),
  CONSTRAINT channel_messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.channel_read_status (
  "userId" text NOT NULL,
  "pageId" text NOT NULL,
  "lastReadAt" timestamp(3) with time zone NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT channel_read_status_pkey PRIMARY KEY ("userId", "pageId")
);

CREATE TABLE public.chat_messages (
  id text NOT NULL,
  "pageId" text NOT NULL,
  "userId" text,
  role public."ChatRole" NOT NULL,
  content text NOT NULL,
  "toolCalls" jsonb,
  "toolResults" jsonb,
  "isActive" boolean DEFAULT true NOT NULL,
  "editedAt" timestamp(3) with time zone,
  "agentRole" public."AgentRole" DEFAULT 'PARTNER'::public."AgentRole" NOT NULL,
  "messageType" public."ChatMessageType" DEFAULT 'standard'::public."ChatMessageType" NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT chat_messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.connections (
  id text NOT NULL,
  "user1Id" text NOT NULL,
  "user2Id" text NOT NULL,
  status public."ConnectionStatus" NOT NULL,
  "requestedBy" text NOT NULL,
  "requestMessage" text,
  "acceptedAt" timestamp(3) with time zone,
  "blockedBy" text,
  "blockedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "user1BlockedAt" timestamp(3) with time zone,
  "user2BlockedAt" timestamp(3) with time zone,
  CONSTRAINT "connections_acceptedAt_check" CHECK (((status = 'ACCEPTED'::public."ConnectionStatus") = ("acceptedAt" IS NOT NULL))),
  CONSTRAINT "connections_blockedAt_check" CHECK (((status = 'BLOCKED'::public."ConnectionStatus") = ("blockedAt" IS NOT NULL))),
  CONSTRAINT "connections_blockedBy_check" CHECK ((("blockedBy" = "user1Id") OR ("blockedBy" = "user2Id"))),
  CONSTRAINT "connections_requestedBy_check" CHECK ((("requestedBy" = "user1Id") OR ("requestedBy" = "user2Id"))),
  CONSTRAINT "connections_sideBlockedAt_check" CHECK (((status = 'BLOCKED'::public."ConnectionStatus") = (num_nonnulls("user1BlockedAt", "user2BlockedAt") > 0))),
  CONSTRAINT connections_order_check CHECK (("user1Id" < "user2Id")),
  CONSTRAINT connections_pkey PRIMARY KEY (id)
);

CREATE TABLE public.conversations (
  id text NOT NULL,
  "userId" text NOT NULL,
  title text,
  type public."ConversationType" NOT NULL,
  "pageId" text,
  "driveId" text,
  "lastMessageAt" timestamp(3) with time zone,
  "isActive" boolean DEFAULT true NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (id),
  CONSTRAINT conversations_target_check CHECK (((("pageId" IS NOT NULL) = (type = 'PAGE'::public."ConversationType")) AND (("driveId" IS NOT NULL) = (type = 'DRIVE'::public."ConversationType"))))
);

CREATE TABLE public.cron_jobs (
  name text NOT NULL,
  "dueAt" timestamp(3) with time zone NOT NULL,
  "startedAt" timestamp(3) with time zone NOT NULL,
  "finishedAt" timestamp(3) with time zone,
  failures integer DEFAULT 0 NOT NULL,
  "lastError" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT cron_jobs_failures_check CHECK ((failures >= 0)),
  CONSTRAINT cron_jobs_pkey PRIMARY KEY (name)
);

CREATE TABLE public.dead_events (
  id uuid NOT NULL,
  "position" bigint NOT NULL,
  key text NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer NOT NULL,
  "lastError" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT dead_events_pkey PRIMARY KEY (id)
);

CREATE TABLE public.device_tokens (
  id text NOT NULL,
  "tokenHash" text NOT NULL,
  "tokenPrefix" text NOT NULL,
  "userId" text NOT NULL,
  "tokenVersion" integer NOT NULL,
  "deviceId" text NOT NULL,
  platform public."DevicePlatform" NOT NULL,
  "deviceName" text,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "lastUsedAt" timestamp(3) with time zone,
  "revokedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "device_tokens_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT device_tokens_pkey PRIMARY KEY (id)
);

CREATE TABLE public.direct_conversations (
  id text NOT NULL,
  "user1Id" text NOT NULL,
  "user2Id" text NOT NULL,
  "lastMessageAt" timestamp(3) with time zone,
  "user1LastReadAt" timestamp(3) with time zone,
  "user2LastReadAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT direct_conversations_order_check CHECK (("user1Id" < "user2Id")),
  CONSTRAINT direct_conversations_pkey PRIMARY KEY (id)
);

CREATE TABLE public.direct_messages (
  id text NOT NULL,
  "conversationId" text NOT NULL,
  "senderId" text NOT NULL,
  content text NOT NULL,
  "editedAt" timestamp(3) with time zone,
  "isTrashed" boolean DEFAULT false NOT NULL,
  "trashedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "direct_messages_trashedAt_check" CHECK (("isTrashed" = ("trashedAt" IS NOT NULL))),
  CONSTRAINT direct_messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.drive_invitations (
  id text NOT NULL,
  "driveId" text NOT NULL,
  email text NOT NULL,
  role public."MemberRole" NOT NULL,
  "tokenHash" text NOT NULL,
  "invitedBy" text NOT NULL,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "acceptedAt" timestamp(3) with time zone,
  "revokedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "drive_invitations_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT drive_invitations_outcome_check CHECK ((("acceptedAt" IS NULL) OR ("revokedAt" IS NULL))),
  CONSTRAINT drive_invitations_pkey PRIMARY KEY (id),
  CONSTRAINT drive_invitations_role_check CHECK ((role = ANY (ARRAY['ADMIN'::public."MemberRole", 'MEMBER'::public."MemberRole"])))
);

CREATE TABLE public.drive_members (
  id text NOT NULL,
  "driveId" text NOT NULL,
  "userId" text NOT NULL,
  role public."MemberRole" NOT NULL,
  "invitedBy" text,
  "joinedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "customRoleId" text,
  CONSTRAINT drive_members_pkey PRIMARY KEY (id)
);

CREATE TABLE public.drive_roles (
  id text NOT NULL,
  "driveId" text NOT NULL,
  name text NOT NULL,
  description text,
  "canView" boolean NOT NULL,
  "canEdit" boolean NOT NULL,
  "canShare" boolean NOT NULL,
  "canDelete" boolean NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "drive_roles_driveId_id_key" UNIQUE ("driveId", id),
  CONSTRAINT drive_roles_pkey PRIMARY KEY (id),
  CONSTRAINT drive_roles_view_check CHECK (("canView" OR (NOT ("canEdit" OR "canShare" OR "canDelete"))))
);

CREATE TABLE public.drives (
  id text NOT NULL,
  name text NOT NULL,
  slug text NOT NULL,
  "ownerId" text NOT NULL,
  "isTrashed" boolean DEFAULT false NOT NULL,
  "trashedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "drives_trashedAt_check" CHECK (("isTrashed" = ("trashedAt" IS NOT NULL))),
  CONSTRAINT drives_pkey PRIMARY KEY (id)
);

CREATE TABLE public.email_notification_logs (
  id text NOT NULL,
  "userId" text NOT NULL,
  "notificationId" text,
  type public."NotificationType" NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  status public."EmailStatus" DEFAULT 'QUEUED'::public."EmailStatus" NOT NULL,
  error text,
  "sentAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "email_notification_logs_sentAt_check" CHECK (((status = 'SENT'::public."EmailStatus") = ("sentAt" IS NOT NULL))),
  CONSTRAINT email_notification_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE public.error_logs (
  id text NOT NULL,
  name text NOT NULL,
  message text NOT NULL,
  stack text,
  context jsonb,
  "userId" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT error_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE public.favorites (
  id text NOT NULL,
  "userId" text NOT NULL,
  "pageId" text,
  "driveId" text,
  "position" real NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT favorites_pkey PRIMARY KEY (id),
  CONSTRAINT favorites_target_check CHECK ((num_nonnulls("pageId", "driveId") = 1))
);

CREATE TABLE public.file_pages (
  "fileId" text NOT NULL,
  "pageId" text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "uploadedBy" text,
  "chargedBytes" bigint DEFAULT 0 NOT NULL,
  CONSTRAINT "file_pages_chargedBytes_check" CHECK (("chargedBytes" >= 0)),
  CONSTRAINT file_pages_pkey PRIMARY KEY ("fileId", "pageId")
);

CREATE TABLE public.files (
  id text NOT NULL,
  "contentHash" text NOT NULL,
  "sizeBytes" bigint NOT NULL,
  "mimeType" text NOT NULL,
  "storagePath" text NOT NULL,
  "createdBy" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "files_contentHash_check" CHECK (("contentHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT "files_sizeBytes_check" CHECK (("sizeBytes" >= 0)),
  CONSTRAINT files_pkey PRIMARY KEY (id)
);

CREATE TABLE public.idempotency_keys (
  scope text NOT NULL,
  "keyHash" text NOT NULL,
  "requestHash" text NOT NULL,
  answer jsonb,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "idempotency_keys_keyHash_check" CHECK (("keyHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT "idempotency_keys_requestHash_check" CHECK (("requestHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, "keyHash")
);

CREATE TABLE public.inbox_messages (
  source text NOT NULL,
  "messageId" text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT inbox_messages_pkey PRIMARY KEY (source, "messageId")
);

CREATE TABLE public.mcp_tokens (
  id text NOT NULL,
  "tokenHash" text NOT NULL,
  "tokenPrefix" text NOT NULL,
  "userId" text NOT NULL,
  "tokenVersion" integer NOT NULL,
  name text NOT NULL,
  scopes jsonb NOT NULL,
  "lastUsedAt" timestamp(3) with time zone,
  "expiresAt" timestamp(3) with time zone,
  "revokedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "mcp_tokens_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT mcp_tokens_pkey PRIMARY KEY (id)
);

CREATE TABLE public.mentions (
  id text NOT NULL,
  "sourcePageId" text NOT NULL,
  "targetPageId" text,
  "targetUserId" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "sourceDriveId" text NOT NULL,
  CONSTRAINT mentions_pkey PRIMARY KEY (id),
  CONSTRAINT mentions_target_check CHECK ((num_nonnulls("targetPageId", "targetUserId") = 1))
);

CREATE TABLE public.messages (
  id text NOT NULL,
  "conversationId" text NOT NULL,
  "userId" text,
  role public."ChatRole" NOT NULL,
  content text NOT NULL,
  "toolCalls" jsonb,
  "toolResults" jsonb,
  "messageType" public."ChatMessageType" DEFAULT 'standard'::public."ChatMessageType" NOT NULL,
  status public."MessageStatus" DEFAULT 'COMPLETE'::public."MessageStatus" NOT NULL,
  "isActive" boolean DEFAULT true NOT NULL,
  "editedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (id)
);

CREATE TABLE public.notification_preferences (
  id text NOT NULL,
  "userId" text NOT NULL,
  type public."NotificationType" NOT NULL,
  "emailEnabled" boolean DEFAULT true NOT NULL,
  "pushEnabled" boolean DEFAULT true NOT NULL,
  "inAppEnabled" boolean DEFAULT true NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT notification_preferences_pkey PRIMARY KEY (id)
);

CREATE TABLE public.notifications (
  id text NOT NULL,
  "userId" text NOT NULL,
  type public."NotificationType" NOT NULL,
  title text NOT NULL,
  message text NOT NULL,
  metadata jsonb,
  "isRead" boolean DEFAULT false NOT NULL,
  "readAt" timestamp(3) with time zone,
  "pageId" text,
  "driveId" text,
  "triggeredByUserId" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "notifications_readAt_check" CHECK (("isRead" = ("readAt" IS NOT NULL))),
  CONSTRAINT notifications_pkey PRIMARY KEY (id),
  CONSTRAINT notifications_text_check CHECK (((char_length(title) <= 150) AND (char_length(message) <= 400)))
);

CREATE TABLE public.outbox_events (
  day smallint DEFAULT (((floor((EXTRACT(epoch FROM now()) / (86400)::numeric)))::bigint % (8)::bigint))::smallint NOT NULL,
  "position" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  key text NOT NULL,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  "dueAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "deliveredAt" timestamp(3) with time zone,
  "lastError" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT outbox_events_attempts_check CHECK ((attempts >= 0)),
  CONSTRAINT outbox_events_day_check CHECK (((day >= 0) AND (day <= 7))),
  CONSTRAINT outbox_events_pkey PRIMARY KEY (day, "position")
) PARTITION BY LIST (day);

CREATE TABLE public.page_comments (
  id text NOT NULL,
  "pageId" text NOT NULL,
  "authorId" text NOT NULL,
  "parentId" text,
  content text NOT NULL,
  "editedAt" timestamp(3) with time zone,
  "isTrashed" boolean DEFAULT false NOT NULL,
  "trashedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "page_comments_pageId_id_key" UNIQUE ("pageId", id),
  CONSTRAINT "page_comments_parentId_check" CHECK (("parentId" <> id)),
  CONSTRAINT "page_comments_trashedAt_check" CHECK (("isTrashed" = ("trashedAt" IS NOT NULL))),
  CONSTRAINT page_comments_pkey PRIMARY KEY (id)
);

CREATE TABLE public.page_permissions (
  id text NOT NULL,
  "pageId" text NOT NULL,
  "userId" text NOT NULL,
  "canView" boolean NOT NULL,
  "canEdit" boolean NOT NULL,
  "canShare" boolean NOT NULL,
  "canDelete" boolean NOT NULL,
  "grantedBy" text,
  "grantedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "expiresAt" timestamp(3) with time zone,
  note text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT page_permissions_pkey PRIMARY KEY (id),
  CONSTRAINT page_permissions_view_check CHECK (("canView" OR (NOT ("canEdit" OR "canShare" OR "canDelete"))))
);

CREATE TABLE public.page_tags (
  "driveId" text NOT NULL,
  "pageId" text NOT NULL,
  "tagId" text NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT page_tags_pkey PRIMARY KEY ("pageId", "tagId")
);

CREATE TABLE public.page_versions (
  "pageId" text NOT NULL,
  revision integer NOT NULL,
  title text NOT NULL,
  patch jsonb,
  content text,
  "contentHash" text NOT NULL,
  "replacedBy" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "page_versions_contentHash_check" CHECK (("contentHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT page_versions_content_check CHECK (((patch IS NULL) <> (content IS NULL))),
  CONSTRAINT page_versions_pkey PRIMARY KEY ("pageId", revision)
);

CREATE TABLE public.page_views (
  "userId" text NOT NULL,
  "pageId" text NOT NULL,
  "viewedAt" timestamp(3) with time zone NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT page_views_pkey PRIMARY KEY ("userId", "pageId")
);

CREATE TABLE public.pages (
  id text NOT NULL,
  "driveId" text NOT NULL,
  "parentId" text,
  "originalParentId" text,
  title text NOT NULL,
  type public."PageType" NOT NULL,
  content text DEFAULT ''::text NOT NULL,
  "position" real NOT NULL,
  "isTrashed" boolean DEFAULT false NOT NULL,
  "trashedAt" timestamp(3) with time zone,
  "lastViewedAt" timestamp(3) with time zone,
  revision integer DEFAULT 0 NOT NULL,
  "aiProvider" text,
  "aiModel" text,
  "systemPrompt" text,
  "enabledTools" jsonb,
  "fileSize" bigint,
  "mimeType" text,
  "originalFileName" text,
  "filePath" text,
  "fileMetadata" jsonb,
  "processingStatus" public."ProcessingStatus" DEFAULT 'pending'::public."ProcessingStatus" NOT NULL,
  "processingError" text,
  "processedAt" timestamp(3) with time zone,
  "extractionMethod" text,
  "extractionMetadata" jsonb,
  "contentHash" text,
  "searchVector" tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('english'::regconfig, title), 'A'::"char") || setweight(to_tsvector('english'::regconfig, "left"(content, 200000)), 'B'::"char"))) STORED,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "pages_driveId_id_key" UNIQUE ("driveId", id) INCLUDE ("isTrashed"),
  CONSTRAINT "pages_fileSize_check" CHECK (("fileSize" >= 0)),
  CONSTRAINT "pages_parentId_check" CHECK (("parentId" <> id)),
  CONSTRAINT "pages_trashedAt_check" CHECK (("isTrashed" = ("trashedAt" IS NOT NULL))),
  CONSTRAINT pages_pkey PRIMARY KEY (id),
  CONSTRAINT pages_position_check CHECK ((("position" >= ('-1000000000000000000000000000000'::numeric)::double precision) AND ("position" <= ('1000000000000000000000000000000'::numeric)::double precision))),
  CONSTRAINT pages_revision_check CHECK ((revision >= 0)),
  CONSTRAINT pages_title_check CHECK ((char_length(title) <= 500))
);

CREATE TABLE public.plans (
  id text NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  "monthlyPriceCents" integer NOT NULL,
  limits jsonb NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "plans_monthlyPriceCents_check" CHECK (("monthlyPriceCents" >= 0)),
  CONSTRAINT plans_pkey PRIMARY KEY (id)
);

CREATE TABLE public.rate_limits (
  "keyHash" text NOT NULL,
  slot integer NOT NULL,
  bucket bigint NOT NULL,
  counts integer[] NOT NULL,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "rate_limits_keyHash_check" CHECK (("keyHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT rate_limits_counts_check CHECK ((cardinality(counts) = 13)),
  CONSTRAINT rate_limits_pkey PRIMARY KEY ("keyHash", slot),
  CONSTRAINT rate_limits_slot_check CHECK ((slot >= 0))
);

CREATE TABLE public.refresh_tokens (
  id text NOT NULL,
  "tokenHash" text NOT NULL,
  "tokenPrefix" text NOT NULL,
  "userId" text NOT NULL,
  "tokenVersion" integer NOT NULL,
  "familyId" text NOT NULL,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "revokedAt" timestamp(3) with time zone,
  "replacedById" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "refresh_tokens_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id)
);

CREATE TABLE public.sessions (
  id text NOT NULL,
  "tokenHash" text NOT NULL,
  "tokenPrefix" text NOT NULL,
  "userId" text NOT NULL,
  "tokenVersion" integer NOT NULL,
  "userAgent" text,
  "ipAddress" text,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "lastUsedAt" timestamp(3) with time zone,
  "revokedAt" timestamp(3) with time zone,
  "revokedReason" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "sessions_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT sessions_pkey PRIMARY KEY (id)
);

CREATE TABLE public.share_links (
  id text NOT NULL,
  "pageId" text NOT NULL,
  "createdBy" text NOT NULL,
  "tokenHash" text NOT NULL,
  "tokenPrefix" text NOT NULL,
  name text,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "maxUses" integer,
  uses integer DEFAULT 0 NOT NULL,
  "lastUsedAt" timestamp(3) with time zone,
  "revokedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "share_links_maxUses_check" CHECK (("maxUses" >= 1)),
  CONSTRAINT "share_links_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT share_links_pkey PRIMARY KEY (id),
  CONSTRAINT share_links_uses_check CHECK (((uses >= 0) AND (uses <= COALESCE("maxUses", uses))))
);

CREATE TABLE public.storage_events (
  id text NOT NULL,
  "userId" text NOT NULL,
  "pageId" text,
  type public."StorageEventType" NOT NULL,
  "sizeDelta" bigint NOT NULL,
  "totalAfter" bigint NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "storage_events_totalAfter_check" CHECK (("totalAfter" >= 0)),
  CONSTRAINT storage_events_pkey PRIMARY KEY (id)
);

CREATE TABLE public.subscriptions (
  id text NOT NULL,
  "userId" text NOT NULL,
  "planId" text NOT NULL,
  "stripeSubscriptionId" text,
  status public."SubscriptionStatus" NOT NULL,
  "currentPeriodStart" timestamp(3) with time zone NOT NULL,
  "currentPeriodEnd" timestamp(3) with time zone NOT NULL,
  "cancelAtPeriodEnd" boolean DEFAULT false NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT subscriptions_period_check CHECK (("currentPeriodStart" < "currentPeriodEnd")),
  CONSTRAINT subscriptions_pkey PRIMARY KEY (id)
);

CREATE TABLE public.system_logs (
  id text NOT NULL,
  level public."LogLevel" NOT NULL,
  source text NOT NULL,
  message text NOT NULL,
  context jsonb,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT system_logs_pkey PRIMARY KEY (id)
);

CREATE TABLE public.tags (
  id text NOT NULL,
  "driveId" text NOT NULL,
  name text NOT NULL,
  color text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "tags_driveId_id_key" UNIQUE ("driveId", id),
  CONSTRAINT tags_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
  CONSTRAINT tags_pkey PRIMARY KEY (id)
);

CREATE TABLE public.user_ai_settings (
  id text NOT NULL,
  "userId" text NOT NULL,
  "selectedProvider" public."AiProvider" DEFAULT 'pagespace'::public."AiProvider" NOT NULL,
  "selectedModel" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT user_ai_settings_pkey PRIMARY KEY (id)
);

CREATE TABLE public.user_profiles (
  id text NOT NULL,
  "userId" text NOT NULL,
  username text NOT NULL,
  "displayName" text NOT NULL,
  bio text,
  "avatarUrl" text,
  "isPublic" boolean DEFAULT false NOT NULL,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT user_profiles_pkey PRIMARY KEY (id)
);

CREATE TABLE public.user_provider_settings (
  id text NOT NULL,
  "userId" text NOT NULL,
  provider public."AiProvider" NOT NULL,
  "encryptedApiKey" text,
  "baseUrl" text,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "user_provider_settings_encryptedApiKey_check" CHECK (("encryptedApiKey" ~ '^[A-Za-z0-9_-]+[.][.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$'::text)),
  CONSTRAINT user_provider_settings_pkey PRIMARY KEY (id)
);

CREATE TABLE public.users (
  id text NOT NULL,
  email text NOT NULL,
  password text,
  role public."UserRole" DEFAULT 'USER'::public."UserRole" NOT NULL,
  "googleId" text,
  "displayName" text,
  "avatarUrl" text,
  "tokenVersion" integer DEFAULT 0 NOT NULL,
  "emailVerifiedAt" timestamp(3) with time zone,
  "lastLoginAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "users_tokenVersion_check" CHECK (("tokenVersion" >= 0)),
  CONSTRAINT users_password_check CHECK ((password ~ '^\$2[aby]\$[0-9]{2}\$.{53}$'::text)),
  CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE TABLE public.verification_tokens (
  id text NOT NULL,
  "tokenHash" text NOT NULL,
  "userId" text NOT NULL,
  type public."VerificationTokenType" NOT NULL,
  "tokenVersion" integer NOT NULL,
  "expiresAt" timestamp(3) with time zone NOT NULL,
  "usedAt" timestamp(3) with time zone,
  "createdAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  "updatedAt" timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT "verification_tokens_tokenHash_check" CHECK (("tokenHash" ~ '^[0-9a-f]{64}$'::text)),
  CONSTRAINT verification_tokens_pkey PRIMARY KEY (id)
);

CREATE TABLE public.outbox_events_day_0 PARTITION OF public.outbox_events FOR VALUES IN ('0');

CREATE TABLE public.outbox_events_day_1 PARTITION OF public.outbox_events FOR VALUES IN ('1');

CREATE TABLE public.outbox_events_day_2 PARTITION OF public.outbox_events FOR VALUES IN ('2');

CREATE TABLE public.outbox_events_day_3 PARTITION OF public.outbox_events FOR VALUES IN ('3');

CREATE TABLE public.outbox_events_day_4 PARTITION OF public.outbox_events FOR VALUES IN ('4');

CREATE TABLE public.outbox_events_day_5 PARTITION OF public.outbox_events FOR VALUES IN ('5');

CREATE TABLE public.outbox_events_day_6 PARTITION OF public.outbox_events FOR VALUES IN ('6');

CREATE TABLE public.outbox_events_day_7 PARTITION OF public.outbox_events FOR VALUES IN ('7');

ALTER TABLE public.ai_usage_logs ADD CONSTRAINT "ai_usage_logs_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES public.conversations(id) ON DELETE SET NULL;
ALTER TABLE public.ai_usage_logs ADD CONSTRAINT "ai_usage_logs_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE SET NULL;
ALTER TABLE public.ai_usage_logs ADD CONSTRAINT "ai_usage_logs_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.channel_message_reactions ADD CONSTRAINT "channel_message_reactions_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES public.channel_messages(id) ON DELETE CASCADE;
ALTER TABLE public.channel_message_reactions ADD CONSTRAINT "channel_message_reactions_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.channel_messages ADD CONSTRAINT "channel_messages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.channel_messages ADD CONSTRAINT "channel_messages_pageId_parentId_fkey" FOREIGN KEY ("pageId", "parentId") REFERENCES public.channel_messages("pageId", id) ON DELETE CASCADE;
ALTER TABLE public.channel_messages ADD CONSTRAINT "channel_messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.channel_read_status ADD CONSTRAINT "channel_read_status_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.channel_read_status ADD CONSTRAINT "channel_read_status_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.chat_messages ADD CONSTRAINT "chat_messages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.chat_messages ADD CONSTRAINT "chat_messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.connections ADD CONSTRAINT "connections_blockedBy_fkey" FOREIGN KEY ("blockedBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.connections ADD CONSTRAINT "connections_requestedBy_fkey" FOREIGN KEY ("requestedBy") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.connections ADD CONSTRAINT "connections_user1Id_fkey" FOREIGN KEY ("user1Id") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.connections ADD CONSTRAINT "connections_user2Id_fkey" FOREIGN KEY ("user2Id") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT "conversations_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT "conversations_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT "conversations_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.device_tokens ADD CONSTRAINT "device_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.direct_conversations ADD CONSTRAINT "direct_conversations_user1Id_fkey" FOREIGN KEY ("user1Id") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.direct_conversations ADD CONSTRAINT "direct_conversations_user2Id_fkey" FOREIGN KEY ("user2Id") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.direct_messages ADD CONSTRAINT "direct_messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES public.direct_conversations(id) ON DELETE CASCADE;
ALTER TABLE public.direct_messages ADD CONSTRAINT "direct_messages_senderId_fkey" FOREIGN KEY ("senderId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.drive_invitations ADD CONSTRAINT "drive_invitations_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.drive_invitations ADD CONSTRAINT "drive_invitations_invitedBy_fkey" FOREIGN KEY ("invitedBy") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.drive_members ADD CONSTRAINT "drive_members_driveId_customRoleId_fkey" FOREIGN KEY ("driveId", "customRoleId") REFERENCES public.drive_roles("driveId", id) ON DELETE RESTRICT;
ALTER TABLE public.drive_members ADD CONSTRAINT "drive_members_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.drive_members ADD CONSTRAINT "drive_members_invitedBy_fkey" FOREIGN KEY ("invitedBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.drive_members ADD CONSTRAINT "drive_members_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.drive_roles ADD CONSTRAINT "drive_roles_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.drives ADD CONSTRAINT "drives_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.email_notification_logs ADD CONSTRAINT "email_notification_logs_notificationId_fkey" FOREIGN KEY ("notificationId") REFERENCES public.notifications(id) ON DELETE SET NULL;
ALTER TABLE public.email_notification_logs ADD CONSTRAINT "email_notification_logs_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.favorites ADD CONSTRAINT "favorites_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.favorites ADD CONSTRAINT "favorites_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.favorites ADD CONSTRAINT "favorites_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.file_pages ADD CONSTRAINT "file_pages_fileId_fkey" FOREIGN KEY ("fileId") REFERENCES public.files(id) ON DELETE CASCADE;
ALTER TABLE public.file_pages ADD CONSTRAINT "file_pages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.file_pages ADD CONSTRAINT "file_pages_uploadedBy_fkey" FOREIGN KEY ("uploadedBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.files ADD CONSTRAINT "files_createdBy_fkey" FOREIGN KEY ("createdBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.mcp_tokens ADD CONSTRAINT "mcp_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.mentions ADD CONSTRAINT "mentions_sourceDriveId_sourcePageId_fkey" FOREIGN KEY ("sourceDriveId", "sourcePageId") REFERENCES public.pages("driveId", id) ON DELETE CASCADE;
ALTER TABLE public.mentions ADD CONSTRAINT "mentions_targetPageId_fkey" FOREIGN KEY ("targetPageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.mentions ADD CONSTRAINT "mentions_targetUserId_fkey" FOREIGN KEY ("targetUserId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT "messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES public.conversations(id) ON DELETE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT "messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.notification_preferences ADD CONSTRAINT "notification_preferences_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT "notifications_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT "notifications_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.notifications ADD CONSTRAINT "notifications_triggeredByUserId_fkey" FOREIGN KEY ("triggeredByUserId") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.notifications ADD CONSTRAINT "notifications_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.page_comments ADD CONSTRAINT "page_comments_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.page_comments ADD CONSTRAINT "page_comments_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.page_comments ADD CONSTRAINT "page_comments_pageId_parentId_fkey" FOREIGN KEY ("pageId", "parentId") REFERENCES public.page_comments("pageId", id) ON DELETE CASCADE;
ALTER TABLE public.page_permissions ADD CONSTRAINT "page_permissions_grantedBy_fkey" FOREIGN KEY ("grantedBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.page_permissions ADD CONSTRAINT "page_permissions_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.page_permissions ADD CONSTRAINT "page_permissions_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.page_tags ADD CONSTRAINT "page_tags_driveId_pageId_fkey" FOREIGN KEY ("driveId", "pageId") REFERENCES public.pages("driveId", id) ON DELETE CASCADE;
ALTER TABLE public.page_tags ADD CONSTRAINT "page_tags_driveId_tagId_fkey" FOREIGN KEY ("driveId", "tagId") REFERENCES public.tags("driveId", id) ON DELETE CASCADE;
ALTER TABLE public.page_versions ADD CONSTRAINT "page_versions_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.page_versions ADD CONSTRAINT "page_versions_replacedBy_fkey" FOREIGN KEY ("replacedBy") REFERENCES public.users(id) ON DELETE SET NULL;
ALTER TABLE public.page_views ADD CONSTRAINT "page_views_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.page_views ADD CONSTRAINT "page_views_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.pages ADD CONSTRAINT "pages_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.pages ADD CONSTRAINT "pages_driveId_parentId_fkey" FOREIGN KEY ("driveId", "parentId") REFERENCES public.pages("driveId", id) ON DELETE CASCADE;
ALTER TABLE public.pages ADD CONSTRAINT "pages_originalParentId_fkey" FOREIGN KEY ("originalParentId") REFERENCES public.pages(id) ON DELETE SET NULL;
ALTER TABLE public.refresh_tokens ADD CONSTRAINT "refresh_tokens_replacedById_fkey" FOREIGN KEY ("replacedById") REFERENCES public.refresh_tokens(id) ON DELETE SET NULL;
ALTER TABLE public.refresh_tokens ADD CONSTRAINT "refresh_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.sessions ADD CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.share_links ADD CONSTRAINT "share_links_createdBy_fkey" FOREIGN KEY ("createdBy") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.share_links ADD CONSTRAINT "share_links_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE CASCADE;
ALTER TABLE public.storage_events ADD CONSTRAINT "storage_events_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES public.pages(id) ON DELETE SET NULL;
ALTER TABLE public.storage_events ADD CONSTRAINT "storage_events_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.subscriptions ADD CONSTRAINT "subscriptions_planId_fkey" FOREIGN KEY ("planId") REFERENCES public.plans(id) ON DELETE RESTRICT;
ALTER TABLE public.subscriptions ADD CONSTRAINT "subscriptions_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.tags ADD CONSTRAINT "tags_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES public.drives(id) ON DELETE CASCADE;
ALTER TABLE public.user_ai_settings ADD CONSTRAINT "user_ai_settings_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.user_profiles ADD CONSTRAINT "user_profiles_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.user_provider_settings ADD CONSTRAINT "user_provider_settings_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE public.verification_tokens ADD CONSTRAINT "verification_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES public.users(id) ON DELETE CASCADE;

CREATE INDEX "ai_usage_logs_conversationId_idx" ON public.ai_usage_logs USING btree ("conversationId");
CREATE INDEX "ai_usage_logs_pageId_idx" ON public.ai_usage_logs USING btree ("pageId");
CREATE INDEX "ai_usage_logs_userId_createdAt_idx" ON public.ai_usage_logs USING btree ("userId", "createdAt", id);
CREATE INDEX "api_metrics_createdAt_idx" ON public.api_metrics USING brin ("createdAt");
CREATE INDEX "audit_entries_actorId_createdAt_idx" ON public.audit_entries USING btree ("actorId", "createdAt", id);
CREATE INDEX "audit_entries_createdAt_idx" ON public.audit_entries USING brin ("createdAt");
CREATE INDEX "audit_entries_driveId_createdAt_idx" ON public.audit_entries USING btree ("driveId", "createdAt", id);
CREATE INDEX "audit_entries_pageId_createdAt_idx" ON public.audit_entries USING btree ("pageId", "createdAt", id);
CREATE INDEX "audit_entries_targetUserId_createdAt_idx" ON public.audit_entries USING btree ("targetUserId", "createdAt", id);
CREATE INDEX "audit_heads_updatedAt_idx" ON public.audit_heads USING btree ("updatedAt", scope);
CREATE INDEX "billing_events_type_processedAt_idx" ON public.billing_events USING btree (type, "processedAt", id);
CREATE UNIQUE INDEX "channel_message_reactions_messageId_userId_emoji_key" ON public.channel_message_reactions USING btree ("messageId", "userId", emoji);
CREATE INDEX "channel_message_reactions_userId_idx" ON public.channel_message_reactions USING btree ("userId");
CREATE INDEX "channel_messages_pageId_parentId_isActive_createdAt_idx" ON public.channel_messages USING btree ("pageId", "parentId", "isActive", "createdAt", id);
CREATE INDEX "channel_messages_userId_idx" ON public.channel_messages USING btree ("userId");
CREATE INDEX "channel_read_status_pageId_idx" ON public.channel_read_status USING btree ("pageId");
CREATE INDEX "chat_messages_pageId_isActive_createdAt_idx" ON public.chat_messages USING btree ("pageId", "isActive", "createdAt", id);
CREATE INDEX "chat_messages_userId_idx" ON public.chat_messages USING btree ("userId");
CREATE INDEX "connections_blockedBy_idx" ON public.connections USING btree ("blockedBy");
CREATE INDEX "connections_requestedBy_idx" ON public.connections USING btree ("requestedBy");
CREATE INDEX "connections_user1Id_status_idx" ON public.connections USING btree ("user1Id", status, "updatedAt", id);
CREATE INDEX "connections_user2Id_status_idx" ON public.connections USING btree ("user2Id", status, "updatedAt", id);
CREATE INDEX "conversations_driveId_idx" ON public.conversations USING btree ("driveId");
CREATE INDEX "conversations_pageId_idx" ON public.conversations USING btree ("pageId");
CREATE INDEX "conversations_userId_isActive_latest_idx" ON public.conversations USING btree ("userId", "isActive", COALESCE("lastMessageAt", "createdAt"), id);
CREATE INDEX "dead_events_createdAt_idx" ON public.dead_events USING btree ("createdAt", id);
CREATE UNIQUE INDEX "device_tokens_tokenHash_key" ON public.device_tokens USING btree ("tokenHash");
CREATE INDEX "device_tokens_userId_createdAt_idx" ON public.device_tokens USING btree ("userId", "createdAt", id);
CREATE UNIQUE INDEX "device_tokens_userId_deviceId_platform_key" ON public.device_tokens USING btree ("userId", "deviceId", platform) WHERE ("revokedAt" IS NULL);
CREATE INDEX "direct_conversations_user1Id_lastMessageAt_idx" ON public.direct_conversations USING btree ("user1Id", "lastMessageAt", id);
CREATE INDEX "direct_conversations_user2Id_lastMessageAt_idx" ON public.direct_conversations USING btree ("user2Id", "lastMessageAt", id);
CREATE INDEX "direct_messages_conversationId_isTrashed_createdAt_idx" ON public.direct_messages USING btree ("conversationId", "isTrashed", "createdAt", id);
CREATE INDEX "direct_messages_senderId_idx" ON public.direct_messages USING btree ("senderId");
CREATE INDEX "drive_invitations_driveId_createdAt_idx" ON public.drive_invitations USING btree ("driveId", "createdAt", id);
CREATE INDEX "drive_invitations_invitedBy_idx" ON public.drive_invitations USING btree ("invitedBy");
CREATE UNIQUE INDEX "drive_invitations_tokenHash_key" ON public.drive_invitations USING btree ("tokenHash");
CREATE INDEX "drive_members_driveId_customRoleId_idx" ON public.drive_members USING btree ("driveId", "customRoleId") WHERE ("customRoleId" IS NOT NULL);
CREATE INDEX "drive_members_driveId_joinedAt_idx" ON public.drive_members USING btree ("driveId", "joinedAt", id);
CREATE UNIQUE INDEX "drive_members_driveId_userId_key" ON public.drive_members USING btree ("driveId", "userId");
CREATE INDEX "drive_members_invitedBy_idx" ON public.drive_members USING btree ("invitedBy");
CREATE INDEX "drive_members_userId_driveId_idx" ON public.drive_members USING btree ("userId", "driveId");
CREATE UNIQUE INDEX "drive_roles_driveId_name_key" ON public.drive_roles USING btree ("driveId", lower(name));
CREATE INDEX "drives_ownerId_createdAt_idx" ON public.drives USING btree ("ownerId", "createdAt", id);
CREATE UNIQUE INDEX "drives_ownerId_slug_key" ON public.drives USING btree ("ownerId", slug);
CREATE INDEX "email_notification_logs_notificationId_idx" ON public.email_notification_logs USING btree ("notificationId");
CREATE INDEX "email_notification_logs_userId_idx" ON public.email_notification_logs USING btree ("userId");
CREATE INDEX "error_logs_createdAt_idx" ON public.error_logs USING brin ("createdAt");
CREATE UNIQUE INDEX "favorites_driveId_userId_key" ON public.favorites USING btree ("driveId", "userId");
CREATE UNIQUE INDEX "favorites_pageId_userId_key" ON public.favorites USING btree ("pageId", "userId");
CREATE INDEX "favorites_userId_position_idx" ON public.favorites USING btree ("userId", "position", id);
CREATE INDEX "file_pages_pageId_createdAt_idx" ON public.file_pages USING btree ("pageId", "createdAt", "fileId");
CREATE INDEX "file_pages_uploadedBy_chargedBytes_idx" ON public.file_pages USING btree ("uploadedBy", "chargedBytes");
CREATE UNIQUE INDEX "files_contentHash_key" ON public.files USING btree ("contentHash");
CREATE INDEX "files_createdAt_idx" ON public.files USING btree ("createdAt", id);
CREATE INDEX "files_createdBy_idx" ON public.files USING btree ("createdBy");
CREATE INDEX "idempotency_keys_expiresAt_idx" ON public.idempotency_keys USING btree ("expiresAt");
CREATE INDEX "inbox_messages_createdAt_idx" ON public.inbox_messages USING btree ("createdAt");
CREATE UNIQUE INDEX "mcp_tokens_tokenHash_key" ON public.mcp_tokens USING btree ("tokenHash");
CREATE INDEX "mcp_tokens_userId_createdAt_idx" ON public.mcp_tokens USING btree ("userId", "createdAt", id);
CREATE INDEX "mentions_sourceDriveId_sourcePageId_idx" ON public.mentions USING btree ("sourceDriveId", "sourcePageId");
CREATE UNIQUE INDEX "mentions_sourcePageId_targetPageId_key" ON public.mentions USING btree ("sourcePageId", "targetPageId");
CREATE UNIQUE INDEX "mentions_sourcePageId_targetUserId_key" ON public.mentions USING btree ("sourcePageId", "targetUserId");
CREATE INDEX "mentions_targetPageId_sourceDriveId_createdAt_idx" ON public.mentions USING btree ("targetPageId", "sourceDriveId", "createdAt", id);
CREATE INDEX "mentions_targetUserId_sourceDriveId_createdAt_idx" ON public.mentions USING btree ("targetUserId", "sourceDriveId", "createdAt", id);
CREATE INDEX "messages_conversationId_isActive_createdAt_idx" ON public.messages USING btree ("conversationId", "isActive", "createdAt", id);
CREATE INDEX "messages_userId_idx" ON public.messages USING btree ("userId");
CREATE UNIQUE INDEX "notification_preferences_userId_type_key" ON public.notification_preferences USING btree ("userId", type);
CREATE INDEX "notifications_driveId_idx" ON public.notifications USING btree ("driveId");
CREATE INDEX "notifications_pageId_idx" ON public.notifications USING btree ("pageId");
CREATE INDEX "notifications_triggeredByUserId_idx" ON public.notifications USING btree ("triggeredByUserId");
CREATE INDEX "notifications_userId_createdAt_idx" ON public.notifications USING btree ("userId", "createdAt", id);
CREATE INDEX "outbox_events_dueAt_idx" ON public.outbox_events USING btree ("dueAt", "position") WHERE ("deliveredAt" IS NULL);
CREATE INDEX "page_comments_authorId_idx" ON public.page_comments USING btree ("authorId");
CREATE INDEX "page_comments_pageId_parentId_createdAt_idx" ON public.page_comments USING btree ("pageId", "parentId", "createdAt", id);
CREATE INDEX "page_permissions_grantedBy_idx" ON public.page_permissions USING btree ("grantedBy");
CREATE INDEX "page_permissions_pageId_grantedAt_idx" ON public.page_permissions USING btree ("pageId", "grantedAt", id);
CREATE UNIQUE INDEX "page_permissions_pageId_userId_key" ON public.page_permissions USING btree ("pageId", "userId");
CREATE INDEX "page_permissions_userId_pageId_idx" ON public.page_permissions USING btree ("userId", "pageId", "canView", "expiresAt");
CREATE INDEX "page_tags_driveId_pageId_idx" ON public.page_tags USING btree ("driveId", "pageId");
CREATE INDEX "page_tags_driveId_tagId_createdAt_idx" ON public.page_tags USING btree ("driveId", "tagId", "createdAt", "pageId");
CREATE INDEX "page_versions_createdAt_idx" ON public.page_versions USING btree ("createdAt", "pageId", revision);
CREATE INDEX "page_versions_replacedBy_idx" ON public.page_versions USING btree ("replacedBy");
CREATE INDEX "page_views_pageId_idx" ON public.page_views USING btree ("pageId");
CREATE INDEX "page_views_userId_viewedAt_idx" ON public.page_views USING btree ("userId", "viewedAt", "pageId");
CREATE UNIQUE INDEX "pages_driveId_filePath_import_key" ON public.pages USING btree ("driveId", "filePath") WHERE ("extractionMethod" = 'import'::text);
CREATE INDEX "pages_driveId_isTrashed_updatedAt_idx" ON public.pages USING btree ("driveId", "isTrashed", "updatedAt", id);
CREATE INDEX "pages_driveId_searchVector_idx" ON public.pages USING gin ("driveId", "searchVector");
CREATE INDEX "pages_driveId_trashedAt_idx" ON public.pages USING btree ("driveId", "trashedAt", id) WHERE ("isTrashed" AND ("parentId" IS NULL));
CREATE INDEX "pages_originalParentId_idx" ON public.pages USING btree ("originalParentId");
CREATE INDEX "pages_trashedAt_idx" ON public.pages USING btree ("trashedAt", id) WHERE "isTrashed";
CREATE INDEX "rate_limits_expiresAt_idx" ON public.rate_limits USING btree ("expiresAt");
CREATE INDEX "refresh_tokens_expiresAt_idx" ON public.refresh_tokens USING btree ("expiresAt");
CREATE INDEX "refresh_tokens_familyId_idx" ON public.refresh_tokens USING btree ("familyId");
CREATE INDEX "refresh_tokens_replacedById_idx" ON public.refresh_tokens USING btree ("replacedById");
CREATE UNIQUE INDEX "refresh_tokens_tokenHash_key" ON public.refresh_tokens USING btree ("tokenHash");
CREATE INDEX "refresh_tokens_userId_idx" ON public.refresh_tokens USING btree ("userId");
CREATE INDEX "sessions_expiresAt_idx" ON public.sessions USING btree ("expiresAt");
CREATE UNIQUE INDEX "sessions_tokenHash_key" ON public.sessions USING btree ("tokenHash");
CREATE INDEX "sessions_userId_createdAt_idx" ON public.sessions USING btree ("userId", "createdAt", id);
CREATE INDEX "share_links_createdBy_idx" ON public.share_links USING btree ("createdBy");
CREATE INDEX "share_links_pageId_createdAt_idx" ON public.share_links USING btree ("pageId", "createdAt", id);
CREATE UNIQUE INDEX "share_links_tokenHash_key" ON public.share_links USING btree ("tokenHash");
CREATE INDEX "storage_events_pageId_idx" ON public.storage_events USING btree ("pageId");
CREATE INDEX "storage_events_userId_createdAt_idx" ON public.storage_events USING btree ("userId", "createdAt", id);
CREATE INDEX "storage_events_userId_sizeDelta_idx" ON public.storage_events USING btree ("userId", "sizeDelta");
CREATE INDEX "subscriptions_planId_idx" ON public.subscriptions USING btree ("planId");
CREATE UNIQUE INDEX "subscriptions_stripeSubscriptionId_key" ON public.subscriptions USING btree ("stripeSubscriptionId");
CREATE INDEX "subscriptions_userId_createdAt_idx" ON public.subscriptions USING btree ("userId", "createdAt", id);
CREATE INDEX "system_logs_createdAt_idx" ON public.system_logs USING brin ("createdAt");
CREATE UNIQUE INDEX "tags_driveId_name_key" ON public.tags USING btree ("driveId", lower(name));
CREATE UNIQUE INDEX "user_ai_settings_userId_key" ON public.user_ai_settings USING btree ("userId");
CREATE UNIQUE INDEX "user_profiles_userId_key" ON public.user_profiles USING btree ("userId");
CREATE UNIQUE INDEX "user_provider_settings_userId_provider_key" ON public.user_provider_settings USING btree ("userId", provider);
CREATE UNIQUE INDEX "users_googleId_key" ON public.users USING btree ("googleId");
CREATE UNIQUE INDEX "verification_tokens_tokenHash_key" ON public.verification_tokens USING btree ("tokenHash");
CREATE INDEX "verification_tokens_userId_type_idx" ON public.verification_tokens USING btree ("userId", type);
CREATE INDEX channel_messages_unread_idx ON public.channel_messages USING btree ("pageId", "createdAt", "userId") WHERE "isActive";
CREATE UNIQUE INDEX connections_pair_key ON public.connections USING btree ("user1Id", "user2Id");
CREATE UNIQUE INDEX direct_conversations_pair_key ON public.direct_conversations USING btree ("user1Id", "user2Id");
CREATE UNIQUE INDEX drive_invitations_pending_key ON public.drive_invitations USING btree ("driveId", lower(email)) WHERE (("acceptedAt" IS NULL) AND ("revokedAt" IS NULL));
CREATE UNIQUE INDEX drive_members_owner_key ON public.drive_members USING btree ("driveId") WHERE (role = 'OWNER'::public."MemberRole");
CREATE INDEX email_notification_logs_queued_idx ON public.email_notification_logs USING btree ("createdAt", id) WHERE (status = 'QUEUED'::public."EmailStatus");
CREATE INDEX messages_streaming_idx ON public.messages USING btree ("createdAt") WHERE (status = 'STREAMING'::public."MessageStatus");
CREATE INDEX notifications_unread_idx ON public.notifications USING btree ("userId", "createdAt", id) INCLUDE (type, title, message, "pageId", "driveId", "triggeredByUserId") WHERE (NOT "isRead");
CREATE INDEX outbox_events_key_position_idx ON public.outbox_events USING btree (key, "position") WHERE ("deliveredAt" IS NULL);
CREATE INDEX pages_channels_idx ON public.pages USING btree ("driveId", id) WHERE ((type = 'CHANNEL'::public."PageType") AND (NOT "isTrashed"));
CREATE INDEX pages_tree_idx ON public.pages USING btree ("driveId", "parentId", "position", id, "isTrashed", type, title);
CREATE UNIQUE INDEX plans_key_key ON public.plans USING btree (key);
CREATE UNIQUE INDEX subscriptions_living_key ON public.subscriptions USING btree ("userId") WHERE (status <> 'CANCELED'::public."SubscriptionStatus");
CREATE UNIQUE INDEX user_profiles_username_key ON public.user_profiles USING btree (lower(username));
CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email));

CREATE VIEW public.activity_logs AS
 SELECT id,
    COALESCE(( SELECT p."userId"
           FROM public.audit_pseudonyms p
          WHERE (p.pseudonym = e."actorId")), "actorId") AS "actorId",
    action,
    "driveId",
    "pageId",
    COALESCE(( SELECT p."userId"
           FROM public.audit_pseudonyms p
          WHERE (p.pseudonym = e."targetUserId")), "targetUserId") AS "targetUserId",
    before,
    after,
    "createdAt",
    "updatedAt"
   FROM public.audit_entries e
  WHERE (action !~~ 'audit.%'::text);

CREATE TRIGGER audit_entries_chain BEFORE INSERT ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION public.audit_chain_entry();
ALTER TABLE public.audit_entries ENABLE ALWAYS TRIGGER audit_entries_chain;
CREATE TRIGGER audit_entries_keep BEFORE DELETE OR UPDATE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION public.audit_keep_entry();
ALTER TABLE public.audit_entries ENABLE ALWAYS TRIGGER audit_entries_keep;
CREATE TRIGGER audit_entries_keep_all BEFORE TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION public.audit_keep_entry();
ALTER TABLE public.audit_entries ENABLE ALWAYS TRIGGER audit_entries_keep_all;
CREATE TRIGGER audit_entries_record_redaction AFTER UPDATE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION public.audit_record_redaction();
ALTER TABLE public.audit_entries ENABLE ALWAYS TRIGGER audit_entries_record_redaction;
CREATE TRIGGER audit_heads_keep BEFORE INSERT OR DELETE OR UPDATE ON public.audit_heads FOR EACH ROW EXECUTE FUNCTION public.audit_keep_head();
ALTER TABLE public.audit_heads ENABLE ALWAYS TRIGGER audit_heads_keep;
CREATE TRIGGER audit_heads_keep_all BEFORE TRUNCATE ON public.audit_heads FOR EACH STATEMENT EXECUTE FUNCTION public.audit_keep_head();
ALTER TABLE public.audit_heads ENABLE ALWAYS TRIGGER audit_heads_keep_all;
CREATE TRIGGER audit_heads_record_pruning AFTER UPDATE ON public.audit_heads FOR EACH ROW EXECUTE FUNCTION public.audit_record_pruning();
ALTER TABLE public.audit_heads ENABLE ALWAYS TRIGGER audit_heads_record_pruning;
CREATE TRIGGER file_pages_release_storage AFTER DELETE ON public.file_pages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.release_storage();
CREATE TRIGGER mentions_fill_drive BEFORE INSERT ON public.mentions FOR EACH ROW WHEN ((new."sourceDriveId" IS NULL)) EXECUTE FUNCTION public.fill_mention_drive();
CREATE TRIGGER pages_keep_version BEFORE UPDATE OF title, content ON public.pages FOR EACH ROW WHEN (((old.title IS DISTINCT FROM new.title) OR (old.content IS DISTINCT FROM new.content))) EXECUTE FUNCTION public.keep_page_version();
