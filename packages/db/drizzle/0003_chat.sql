CREATE TYPE "public"."ConversationType" AS ENUM('GLOBAL', 'PAGE', 'DRIVE');--> statement-breakpoint
CREATE TYPE "public"."MessageStatus" AS ENUM('STREAMING', 'COMPLETE', 'INTERRUPTED');--> statement-breakpoint
CREATE TABLE "channel_message_reactions" (
	"id" text PRIMARY KEY NOT NULL,
	"messageId" text NOT NULL,
	"userId" text NOT NULL,
	"emoji" text NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_message_reactions_emoji_check" CHECK (char_length("channel_message_reactions"."emoji") between 1 and 64)
);--> statement-breakpoint
CREATE TABLE "channel_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"pageId" text NOT NULL,
	"userId" text NOT NULL,
	"parentId" text,
	"content" text NOT NULL,
	"editedAt" timestamp (3) with time zone,
	"isActive" boolean DEFAULT true NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_messages_pageId_id_key" UNIQUE("pageId","id"),
	CONSTRAINT "channel_messages_parentId_check" CHECK ("channel_messages"."parentId" <> "channel_messages"."id")
);--> statement-breakpoint
CREATE TABLE "channel_read_status" (
	"userId" text NOT NULL,
	"pageId" text NOT NULL,
	"lastReadAt" timestamp (3) with time zone NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "channel_read_status_pkey" PRIMARY KEY("userId","pageId")
);--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"title" text,
	"type" "ConversationType" NOT NULL,
	"pageId" text,
	"driveId" text,
	"lastMessageAt" timestamp (3) with time zone,
	"isActive" boolean DEFAULT true NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversations_target_check" CHECK (("conversations"."pageId" is not null) = ("conversations"."type" = 'PAGE') and ("conversations"."driveId" is not null) = ("conversations"."type" = 'DRIVE'))
);--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"userId" text,
	"role" "ChatRole" NOT NULL,
	"content" text NOT NULL,
	"toolCalls" jsonb,
	"toolResults" jsonb,
	"messageType" "ChatMessageType" DEFAULT 'standard' NOT NULL,
	"status" "MessageStatus" DEFAULT 'COMPLETE' NOT NULL,
	"isActive" boolean DEFAULT true NOT NULL,
	"editedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
ALTER TABLE "channel_message_reactions" ADD CONSTRAINT "channel_message_reactions_messageId_fkey" FOREIGN KEY ("messageId") REFERENCES "public"."channel_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_message_reactions" ADD CONSTRAINT "channel_message_reactions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_messages" ADD CONSTRAINT "channel_messages_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_messages" ADD CONSTRAINT "channel_messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_messages" ADD CONSTRAINT "channel_messages_pageId_parentId_fkey" FOREIGN KEY ("pageId","parentId") REFERENCES "public"."channel_messages"("pageId","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_read_status" ADD CONSTRAINT "channel_read_status_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_read_status" ADD CONSTRAINT "channel_read_status_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_message_reactions_messageId_userId_emoji_key" ON "channel_message_reactions" USING btree ("messageId","userId","emoji");--> statement-breakpoint
CREATE INDEX "channel_message_reactions_userId_idx" ON "channel_message_reactions" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "channel_messages_pageId_parentId_isActive_createdAt_idx" ON "channel_messages" USING btree ("pageId","parentId","isActive","createdAt","id");--> statement-breakpoint
CREATE INDEX "channel_messages_unread_idx" ON "channel_messages" USING btree ("pageId","createdAt","userId") WHERE "channel_messages"."isActive";--> statement-breakpoint
CREATE INDEX "channel_messages_userId_idx" ON "channel_messages" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "channel_read_status_pageId_idx" ON "channel_read_status" USING btree ("pageId");--> statement-breakpoint
CREATE INDEX "conversations_userId_isActive_latest_idx" ON "conversations" USING btree ("userId","isActive",coalesce("lastMessageAt", "createdAt"),"id");--> statement-breakpoint
CREATE INDEX "conversations_pageId_idx" ON "conversations" USING btree ("pageId");--> statement-breakpoint
CREATE INDEX "conversations_driveId_idx" ON "conversations" USING btree ("driveId");--> statement-breakpoint
CREATE INDEX "messages_conversationId_isActive_createdAt_idx" ON "messages" USING btree ("conversationId","isActive","createdAt","id");--> statement-breakpoint
CREATE INDEX "messages_streaming_idx" ON "messages" USING btree ("createdAt") WHERE "messages"."status" = 'STREAMING';--> statement-breakpoint
CREATE INDEX "messages_userId_idx" ON "messages" USING btree ("userId");
