CREATE TYPE "public"."DevicePlatform" AS ENUM('WEB', 'DESKTOP', 'IOS', 'ANDROID');--> statement-breakpoint
CREATE TYPE "public"."UserRole" AS ENUM('USER', 'ADMIN');--> statement-breakpoint
CREATE TYPE "public"."VerificationTokenType" AS ENUM('EMAIL', 'PASSWORD_RESET', 'MAGIC_LINK');--> statement-breakpoint
CREATE TYPE "public"."AgentRole" AS ENUM('PARTNER', 'PLANNER', 'WRITER');--> statement-breakpoint
CREATE TYPE "public"."ChatMessageType" AS ENUM('standard', 'todo_list');--> statement-breakpoint
CREATE TYPE "public"."ChatRole" AS ENUM('user', 'assistant', 'system');--> statement-breakpoint
CREATE TYPE "public"."PageType" AS ENUM('FOLDER', 'DOCUMENT', 'CHANNEL', 'AI_CHAT', 'CANVAS', 'FILE', 'SHEET');--> statement-breakpoint
CREATE TYPE "public"."ProcessingStatus" AS ENUM('pending', 'processing', 'completed', 'failed');--> statement-breakpoint
CREATE TYPE "public"."MemberRole" AS ENUM('OWNER', 'ADMIN', 'MEMBER');--> statement-breakpoint
CREATE TABLE "device_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"tokenHash" text NOT NULL,
	"tokenPrefix" text NOT NULL,
	"userId" text NOT NULL,
	"tokenVersion" integer NOT NULL,
	"deviceId" text NOT NULL,
	"platform" "DevicePlatform" NOT NULL,
	"deviceName" text,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"lastUsedAt" timestamp (3) with time zone,
	"revokedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "device_tokens_tokenHash_check" CHECK ("device_tokens"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "mcp_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"tokenHash" text NOT NULL,
	"tokenPrefix" text NOT NULL,
	"userId" text NOT NULL,
	"tokenVersion" integer NOT NULL,
	"name" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"lastUsedAt" timestamp (3) with time zone,
	"expiresAt" timestamp (3) with time zone,
	"revokedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mcp_tokens_tokenHash_check" CHECK ("mcp_tokens"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"tokenHash" text NOT NULL,
	"tokenPrefix" text NOT NULL,
	"userId" text NOT NULL,
	"tokenVersion" integer NOT NULL,
	"familyId" text NOT NULL,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"revokedAt" timestamp (3) with time zone,
	"replacedById" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refresh_tokens_tokenHash_check" CHECK ("refresh_tokens"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"tokenHash" text NOT NULL,
	"tokenPrefix" text NOT NULL,
	"userId" text NOT NULL,
	"tokenVersion" integer NOT NULL,
	"userAgent" text,
	"ipAddress" text,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"lastUsedAt" timestamp (3) with time zone,
	"revokedAt" timestamp (3) with time zone,
	"revokedReason" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_tokenHash_check" CHECK ("sessions"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"password" text,
	"role" "UserRole" DEFAULT 'USER' NOT NULL,
	"googleId" text,
	"displayName" text,
	"avatarUrl" text,
	"tokenVersion" integer DEFAULT 0 NOT NULL,
	"emailVerifiedAt" timestamp (3) with time zone,
	"lastLoginAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_password_check" CHECK ("users"."password" ~ '^\$2[aby]\$[0-9]{2}\$.{53}$'),
	CONSTRAINT "users_tokenVersion_check" CHECK ("users"."tokenVersion" >= 0)
);
--> statement-breakpoint
CREATE TABLE "verification_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"tokenHash" text NOT NULL,
	"userId" text NOT NULL,
	"type" "VerificationTokenType" NOT NULL,
	"tokenVersion" integer NOT NULL,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"usedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "verification_tokens_tokenHash_check" CHECK ("verification_tokens"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"pageId" text NOT NULL,
	"userId" text,
	"role" "ChatRole" NOT NULL,
	"content" text NOT NULL,
	"toolCalls" jsonb,
	"toolResults" jsonb,
	"isActive" boolean DEFAULT true NOT NULL,
	"editedAt" timestamp (3) with time zone,
	"agentRole" "AgentRole" DEFAULT 'PARTNER' NOT NULL,
	"messageType" "ChatMessageType" DEFAULT 'standard' NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "drives" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"ownerId" text NOT NULL,
	"isTrashed" boolean DEFAULT false NOT NULL,
	"trashedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "drives_trashedAt_check" CHECK ("drives"."isTrashed" = ("drives"."trashedAt" is not null))
);
--> statement-breakpoint
CREATE TABLE "favorites" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"pageId" text,
	"driveId" text,
	"position" real NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "favorites_target_check" CHECK (num_nonnulls("favorites"."pageId", "favorites"."driveId") = 1)
);
--> statement-breakpoint
CREATE TABLE "mentions" (
	"id" text PRIMARY KEY NOT NULL,
	"sourcePageId" text NOT NULL,
	"targetPageId" text,
	"targetUserId" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mentions_target_check" CHECK (num_nonnulls("mentions"."targetPageId", "mentions"."targetUserId") = 1)
);
--> statement-breakpoint
CREATE TABLE "page_comments" (
	"id" text PRIMARY KEY NOT NULL,
	"pageId" text NOT NULL,
	"authorId" text NOT NULL,
	"parentId" text,
	"content" text NOT NULL,
	"editedAt" timestamp (3) with time zone,
	"isTrashed" boolean DEFAULT false NOT NULL,
	"trashedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "page_comments_pageId_id_key" UNIQUE("pageId","id"),
	CONSTRAINT "page_comments_parentId_check" CHECK ("page_comments"."parentId" <> "page_comments"."id"),
	CONSTRAINT "page_comments_trashedAt_check" CHECK ("page_comments"."isTrashed" = ("page_comments"."trashedAt" is not null))
);
--> statement-breakpoint
CREATE TABLE "pages" (
	"id" text PRIMARY KEY NOT NULL,
	"driveId" text NOT NULL,
	"parentId" text,
	"originalParentId" text,
	"title" text NOT NULL,
	"type" "PageType" NOT NULL,
	"content" text DEFAULT '' NOT NULL,
	"position" real NOT NULL,
	"isTrashed" boolean DEFAULT false NOT NULL,
	"trashedAt" timestamp (3) with time zone,
	"lastViewedAt" timestamp (3) with time zone,
	"revision" integer DEFAULT 0 NOT NULL,
	"aiProvider" text,
	"aiModel" text,
	"systemPrompt" text,
	"enabledTools" jsonb,
	"fileSize" bigint,
	"mimeType" text,
	"originalFileName" text,
	"filePath" text,
	"fileMetadata" jsonb,
	"processingStatus" "ProcessingStatus" DEFAULT 'pending' NOT NULL,
	"processingError" text,
	"processedAt" timestamp (3) with time zone,
	"extractionMethod" text,
	"extractionMetadata" jsonb,
	"contentHash" text,
	"searchVector" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', "title"), 'A') || setweight(to_tsvector('english', left("content", 200000)), 'B')) STORED,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pages_driveId_id_key" UNIQUE("driveId","id") INCLUDE ("isTrashed"),
	CONSTRAINT "pages_trashedAt_check" CHECK ("pages"."isTrashed" = ("pages"."trashedAt" is not null)),
	CONSTRAINT "pages_parentId_check" CHECK ("pages"."parentId" <> "pages"."id"),
	CONSTRAINT "pages_position_check" CHECK ("pages"."position" between -1e30 and 1e30),
	CONSTRAINT "pages_revision_check" CHECK ("pages"."revision" >= 0),
	CONSTRAINT "pages_fileSize_check" CHECK ("pages"."fileSize" >= 0)
);
--> statement-breakpoint
CREATE TABLE "page_tags" (
	"driveId" text NOT NULL,
	"pageId" text NOT NULL,
	"tagId" text NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "page_tags_pkey" PRIMARY KEY("pageId","tagId")
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"id" text PRIMARY KEY NOT NULL,
	"driveId" text NOT NULL,
	"name" text NOT NULL,
	"color" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tags_driveId_id_key" UNIQUE("driveId","id"),
	CONSTRAINT "tags_color_check" CHECK ("tags"."color" ~ '^#[0-9a-f]{6}$')
);
--> statement-breakpoint
CREATE TABLE "drive_invitations" (
	"id" text PRIMARY KEY NOT NULL,
	"driveId" text NOT NULL,
	"email" text NOT NULL,
	"role" "MemberRole" NOT NULL,
	"tokenHash" text NOT NULL,
	"invitedBy" text NOT NULL,
	"expiresAt" timestamp (3) with time zone NOT NULL,
	"acceptedAt" timestamp (3) with time zone,
	"revokedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "drive_invitations_role_check" CHECK ("drive_invitations"."role" in ('ADMIN', 'MEMBER')),
	CONSTRAINT "drive_invitations_outcome_check" CHECK ("drive_invitations"."acceptedAt" is null or "drive_invitations"."revokedAt" is null),
	CONSTRAINT "drive_invitations_tokenHash_check" CHECK ("drive_invitations"."tokenHash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "drive_members" (
	"id" text PRIMARY KEY NOT NULL,
	"driveId" text NOT NULL,
	"userId" text NOT NULL,
	"role" "MemberRole" NOT NULL,
	"invitedBy" text,
	"joinedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "page_permissions" (
	"id" text PRIMARY KEY NOT NULL,
	"pageId" text NOT NULL,
	"userId" text NOT NULL,
	"canView" boolean NOT NULL,
	"canEdit" boolean NOT NULL,
	"canShare" boolean NOT NULL,
	"canDelete" boolean NOT NULL,
	"grantedBy" text,
	"grantedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expiresAt" timestamp (3) with time zone,
	"note" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "page_permissions_view_check" CHECK ("page_permissions"."canView" or not ("page_permissions"."canEdit" or "page_permissions"."canShare" or "page_permissions"."canDelete"))
);
--> statement-breakpoint
ALTER TABLE "device_tokens" ADD CONSTRAINT "device_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mcp_tokens" ADD CONSTRAINT "mcp_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_replacedById_fkey" FOREIGN KEY ("replacedById") REFERENCES "public"."refresh_tokens"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verification_tokens" ADD CONSTRAINT "verification_tokens_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drives" ADD CONSTRAINT "drives_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favorites" ADD CONSTRAINT "favorites_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favorites" ADD CONSTRAINT "favorites_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "favorites" ADD CONSTRAINT "favorites_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_sourcePageId_fkey" FOREIGN KEY ("sourcePageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_targetPageId_fkey" FOREIGN KEY ("targetPageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mentions" ADD CONSTRAINT "mentions_targetUserId_fkey" FOREIGN KEY ("targetUserId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_comments" ADD CONSTRAINT "page_comments_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_comments" ADD CONSTRAINT "page_comments_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_comments" ADD CONSTRAINT "page_comments_pageId_parentId_fkey" FOREIGN KEY ("pageId","parentId") REFERENCES "public"."page_comments"("pageId","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_driveId_parentId_fkey" FOREIGN KEY ("driveId","parentId") REFERENCES "public"."pages"("driveId","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pages" ADD CONSTRAINT "pages_originalParentId_fkey" FOREIGN KEY ("originalParentId") REFERENCES "public"."pages"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_tags" ADD CONSTRAINT "page_tags_driveId_pageId_fkey" FOREIGN KEY ("driveId","pageId") REFERENCES "public"."pages"("driveId","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_tags" ADD CONSTRAINT "page_tags_driveId_tagId_fkey" FOREIGN KEY ("driveId","tagId") REFERENCES "public"."tags"("driveId","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tags" ADD CONSTRAINT "tags_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drive_invitations" ADD CONSTRAINT "drive_invitations_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drive_invitations" ADD CONSTRAINT "drive_invitations_invitedBy_fkey" FOREIGN KEY ("invitedBy") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drive_members" ADD CONSTRAINT "drive_members_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drive_members" ADD CONSTRAINT "drive_members_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drive_members" ADD CONSTRAINT "drive_members_invitedBy_fkey" FOREIGN KEY ("invitedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_permissions" ADD CONSTRAINT "page_permissions_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_permissions" ADD CONSTRAINT "page_permissions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "page_permissions" ADD CONSTRAINT "page_permissions_grantedBy_fkey" FOREIGN KEY ("grantedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "device_tokens_tokenHash_key" ON "device_tokens" USING btree ("tokenHash");--> statement-breakpoint
CREATE UNIQUE INDEX "device_tokens_userId_deviceId_platform_key" ON "device_tokens" USING btree ("userId","deviceId","platform") WHERE "device_tokens"."revokedAt" is null;--> statement-breakpoint
CREATE INDEX "device_tokens_userId_createdAt_idx" ON "device_tokens" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE UNIQUE INDEX "mcp_tokens_tokenHash_key" ON "mcp_tokens" USING btree ("tokenHash");--> statement-breakpoint
CREATE INDEX "mcp_tokens_userId_createdAt_idx" ON "mcp_tokens" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_tokens_tokenHash_key" ON "refresh_tokens" USING btree ("tokenHash");--> statement-breakpoint
CREATE INDEX "refresh_tokens_userId_idx" ON "refresh_tokens" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "refresh_tokens_familyId_idx" ON "refresh_tokens" USING btree ("familyId");--> statement-breakpoint
CREATE INDEX "refresh_tokens_replacedById_idx" ON "refresh_tokens" USING btree ("replacedById");--> statement-breakpoint
CREATE INDEX "refresh_tokens_expiresAt_idx" ON "refresh_tokens" USING btree ("expiresAt");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_tokenHash_key" ON "sessions" USING btree ("tokenHash");--> statement-breakpoint
CREATE INDEX "sessions_userId_createdAt_idx" ON "sessions" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE INDEX "sessions_expiresAt_idx" ON "sessions" USING btree ("expiresAt");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_googleId_key" ON "users" USING btree ("googleId");--> statement-breakpoint
CREATE UNIQUE INDEX "verification_tokens_tokenHash_key" ON "verification_tokens" USING btree ("tokenHash");--> statement-breakpoint
CREATE INDEX "verification_tokens_userId_type_idx" ON "verification_tokens" USING btree ("userId","type");--> statement-breakpoint
CREATE INDEX "chat_messages_pageId_isActive_createdAt_idx" ON "chat_messages" USING btree ("pageId","isActive","createdAt","id");--> statement-breakpoint
CREATE INDEX "chat_messages_userId_idx" ON "chat_messages" USING btree ("userId");--> statement-breakpoint
CREATE UNIQUE INDEX "drives_ownerId_slug_key" ON "drives" USING btree ("ownerId","slug");--> statement-breakpoint
CREATE INDEX "drives_ownerId_createdAt_idx" ON "drives" USING btree ("ownerId","createdAt","id");--> statement-breakpoint
CREATE INDEX "favorites_userId_position_idx" ON "favorites" USING btree ("userId","position","id");--> statement-breakpoint
CREATE UNIQUE INDEX "favorites_pageId_userId_key" ON "favorites" USING btree ("pageId","userId");--> statement-breakpoint
CREATE UNIQUE INDEX "favorites_driveId_userId_key" ON "favorites" USING btree ("driveId","userId");--> statement-breakpoint
CREATE UNIQUE INDEX "mentions_sourcePageId_targetPageId_key" ON "mentions" USING btree ("sourcePageId","targetPageId");--> statement-breakpoint
CREATE UNIQUE INDEX "mentions_sourcePageId_targetUserId_key" ON "mentions" USING btree ("sourcePageId","targetUserId");--> statement-breakpoint
CREATE INDEX "mentions_targetPageId_createdAt_idx" ON "mentions" USING btree ("targetPageId","createdAt","id");--> statement-breakpoint
CREATE INDEX "mentions_targetUserId_createdAt_idx" ON "mentions" USING btree ("targetUserId","createdAt","id");--> statement-breakpoint
CREATE INDEX "page_comments_pageId_parentId_createdAt_idx" ON "page_comments" USING btree ("pageId","parentId","createdAt","id");--> statement-breakpoint
CREATE INDEX "page_comments_authorId_idx" ON "page_comments" USING btree ("authorId");--> statement-breakpoint
CREATE INDEX "pages_driveId_parentId_position_idx" ON "pages" USING btree ("driveId","parentId","position","id");--> statement-breakpoint
CREATE INDEX "pages_driveId_isTrashed_updatedAt_idx" ON "pages" USING btree ("driveId","isTrashed","updatedAt","id");--> statement-breakpoint
CREATE INDEX "pages_driveId_lastViewedAt_idx" ON "pages" USING btree ("driveId","lastViewedAt","id") WHERE "pages"."lastViewedAt" is not null and not "pages"."isTrashed";--> statement-breakpoint
CREATE INDEX "pages_driveId_trashedAt_idx" ON "pages" USING btree ("driveId","trashedAt","id") WHERE "pages"."isTrashed" and "pages"."parentId" is null;--> statement-breakpoint
CREATE INDEX "pages_trashedAt_idx" ON "pages" USING btree ("trashedAt","id") WHERE "pages"."isTrashed";--> statement-breakpoint
CREATE INDEX "pages_originalParentId_idx" ON "pages" USING btree ("originalParentId");--> statement-breakpoint
CREATE UNIQUE INDEX "pages_driveId_filePath_import_key" ON "pages" USING btree ("driveId","filePath") WHERE "pages"."extractionMethod" = 'import';--> statement-breakpoint
CREATE INDEX "pages_searchVector_idx" ON "pages" USING gin ("searchVector");--> statement-breakpoint
CREATE INDEX "page_tags_driveId_pageId_idx" ON "page_tags" USING btree ("driveId","pageId");--> statement-breakpoint
CREATE INDEX "page_tags_driveId_tagId_createdAt_idx" ON "page_tags" USING btree ("driveId","tagId","createdAt","pageId");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_driveId_name_key" ON "tags" USING btree ("driveId",lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "drive_invitations_tokenHash_key" ON "drive_invitations" USING btree ("tokenHash");--> statement-breakpoint
CREATE UNIQUE INDEX "drive_invitations_pending_key" ON "drive_invitations" USING btree ("driveId",lower("email")) WHERE "drive_invitations"."acceptedAt" is null and "drive_invitations"."revokedAt" is null;--> statement-breakpoint
CREATE INDEX "drive_invitations_driveId_createdAt_idx" ON "drive_invitations" USING btree ("driveId","createdAt","id");--> statement-breakpoint
CREATE INDEX "drive_invitations_invitedBy_idx" ON "drive_invitations" USING btree ("invitedBy");--> statement-breakpoint
CREATE UNIQUE INDEX "drive_members_driveId_userId_key" ON "drive_members" USING btree ("driveId","userId");--> statement-breakpoint
CREATE UNIQUE INDEX "drive_members_owner_key" ON "drive_members" USING btree ("driveId") WHERE "drive_members"."role" = 'OWNER';--> statement-breakpoint
CREATE INDEX "drive_members_driveId_joinedAt_idx" ON "drive_members" USING btree ("driveId","joinedAt","id");--> statement-breakpoint
CREATE INDEX "drive_members_userId_driveId_idx" ON "drive_members" USING btree ("userId","driveId");--> statement-breakpoint
CREATE INDEX "drive_members_invitedBy_idx" ON "drive_members" USING btree ("invitedBy");--> statement-breakpoint
CREATE UNIQUE INDEX "page_permissions_pageId_userId_key" ON "page_permissions" USING btree ("pageId","userId");--> statement-breakpoint
CREATE INDEX "page_permissions_pageId_grantedAt_idx" ON "page_permissions" USING btree ("pageId","grantedAt","id");--> statement-breakpoint
CREATE INDEX "page_permissions_userId_pageId_idx" ON "page_permissions" USING btree ("userId","pageId","canView","expiresAt");--> statement-breakpoint
CREATE INDEX "page_permissions_grantedBy_idx" ON "page_permissions" USING btree ("grantedBy");