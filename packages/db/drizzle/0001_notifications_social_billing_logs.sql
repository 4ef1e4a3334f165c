CREATE TYPE "public"."ConnectionStatus" AS ENUM('PENDING', 'ACCEPTED', 'BLOCKED');--> statement-breakpoint
CREATE TYPE "public"."EmailStatus" AS ENUM('QUEUED', 'SENT', 'FAILED');--> statement-breakpoint
CREATE TYPE "public"."LogLevel" AS ENUM('DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL');--> statement-breakpoint
CREATE TYPE "public"."NotificationType" AS ENUM('PERMISSION_GRANTED', 'PERMISSION_UPDATED', 'PERMISSION_REVOKED', 'PAGE_SHARED', 'DRIVE_INVITED', 'DRIVE_JOINED', 'DRIVE_ROLE_CHANGED', 'CONNECTION_REQUEST', 'CONNECTION_ACCEPTED', 'CONNECTION_REJECTED', 'NEW_DIRECT_MESSAGE', 'MENTION');--> statement-breakpoint
CREATE TYPE "public"."SubscriptionStatus" AS ENUM('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED');--> statement-breakpoint
CREATE TABLE "activity_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"actorId" text,
	"action" text NOT NULL,
	"driveId" text,
	"pageId" text,
	"targetUserId" text,
	"before" jsonb,
	"after" jsonb,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "api_metrics" (
	"id" text PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"route" text NOT NULL,
	"statusCode" integer NOT NULL,
	"durationMs" integer NOT NULL,
	"userId" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_metrics_statusCode_check" CHECK ("api_metrics"."statusCode" between 100 and 599),
	CONSTRAINT "api_metrics_durationMs_check" CHECK ("api_metrics"."durationMs" >= 0)
);--> statement-breakpoint
CREATE TABLE "billing_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"processedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "connections" (
	"id" text PRIMARY KEY NOT NULL,
	"user1Id" text NOT NULL,
	"user2Id" text NOT NULL,
	"status" "ConnectionStatus" NOT NULL,
	"requestedBy" text NOT NULL,
	"requestMessage" text,
	"acceptedAt" timestamp (3) with time zone,
	"blockedBy" text,
	"blockedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connections_order_check" CHECK ("connections"."user1Id" < "connections"."user2Id"),
	CONSTRAINT "connections_requestedBy_check" CHECK ("connections"."requestedBy" in ("connections"."user1Id", "connections"."user2Id")),
	CONSTRAINT "connections_blockedBy_check" CHECK ("connections"."blockedBy" in ("connections"."user1Id", "connections"."user2Id")),
	CONSTRAINT "connections_blockedAt_check" CHECK (("connections"."status" = 'BLOCKED') = ("connections"."blockedAt" is not null)),
	CONSTRAINT "connections_acceptedAt_check" CHECK (("connections"."status" = 'ACCEPTED') = ("connections"."acceptedAt" is not null))
);--> statement-breakpoint
CREATE TABLE "direct_conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"user1Id" text NOT NULL,
	"user2Id" text NOT NULL,
	"lastMessageAt" timestamp (3) with time zone,
	"user1LastReadAt" timestamp (3) with time zone,
	"user2LastReadAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "direct_conversations_order_check" CHECK ("direct_conversations"."user1Id" < "direct_conversations"."user2Id")
);--> statement-breakpoint
CREATE TABLE "direct_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"conversationId" text NOT NULL,
	"senderId" text NOT NULL,
	"content" text NOT NULL,
	"editedAt" timestamp (3) with time zone,
	"isTrashed" boolean DEFAULT false NOT NULL,
	"trashedAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "direct_messages_trashedAt_check" CHECK ("direct_messages"."isTrashed" = ("direct_messages"."trashedAt" is not null))
);--> statement-breakpoint
CREATE TABLE "email_notification_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"notificationId" text,
	"type" "NotificationType" NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"status" "EmailStatus" DEFAULT 'QUEUED' NOT NULL,
	"error" text,
	"sentAt" timestamp (3) with time zone,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "email_notification_logs_sentAt_check" CHECK (("email_notification_logs"."status" = 'SENT') = ("email_notification_logs"."sentAt" is not null))
);--> statement-breakpoint
CREATE TABLE "error_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"message" text NOT NULL,
	"stack" text,
	"context" jsonb,
	"userId" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"type" "NotificationType" NOT NULL,
	"emailEnabled" boolean DEFAULT true NOT NULL,
	"pushEnabled" boolean DEFAULT true NOT NULL,
	"inAppEnabled" boolean DEFAULT true NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"type" "NotificationType" NOT NULL,
	"title" text NOT NULL,
	"message" text NOT NULL,
	"metadata" jsonb,
	"isRead" boolean DEFAULT false NOT NULL,
	"readAt" timestamp (3) with time zone,
	"pageId" text,
	"driveId" text,
	"triggeredByUserId" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notifications_readAt_check" CHECK ("notifications"."isRead" = ("notifications"."readAt" is not null)),
	CONSTRAINT "notifications_text_check" CHECK (char_length("notifications"."title") <= 150 and char_length("notifications"."message") <= 400)
);--> statement-breakpoint
CREATE TABLE "plans" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"monthlyPriceCents" integer NOT NULL,
	"limits" jsonb NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_monthlyPriceCents_check" CHECK ("plans"."monthlyPriceCents" >= 0)
);--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"planId" text NOT NULL,
	"stripeSubscriptionId" text,
	"status" "SubscriptionStatus" NOT NULL,
	"currentPeriodStart" timestamp (3) with time zone NOT NULL,
	"currentPeriodEnd" timestamp (3) with time zone NOT NULL,
	"cancelAtPeriodEnd" boolean DEFAULT false NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscriptions_period_check" CHECK ("subscriptions"."currentPeriodStart" < "subscriptions"."currentPeriodEnd")
);--> statement-breakpoint
CREATE TABLE "system_logs" (
	"id" text PRIMARY KEY NOT NULL,
	"level" "LogLevel" NOT NULL,
	"source" text NOT NULL,
	"message" text NOT NULL,
	"context" jsonb,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "user_profiles" (
	"id" text PRIMARY KEY NOT NULL,
	"userId" text NOT NULL,
	"username" text NOT NULL,
	"displayName" text NOT NULL,
	"bio" text,
	"avatarUrl" text,
	"isPublic" boolean DEFAULT false NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_user1Id_fkey" FOREIGN KEY ("user1Id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_user2Id_fkey" FOREIGN KEY ("user2Id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_requestedBy_fkey" FOREIGN KEY ("requestedBy") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_blockedBy_fkey" FOREIGN KEY ("blockedBy") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_conversations" ADD CONSTRAINT "direct_conversations_user1Id_fkey" FOREIGN KEY ("user1Id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_conversations" ADD CONSTRAINT "direct_conversations_user2Id_fkey" FOREIGN KEY ("user2Id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_messages" ADD CONSTRAINT "direct_messages_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "public"."direct_conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "direct_messages" ADD CONSTRAINT "direct_messages_senderId_fkey" FOREIGN KEY ("senderId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_notification_logs" ADD CONSTRAINT "email_notification_logs_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_notification_logs" ADD CONSTRAINT "email_notification_logs_notificationId_fkey" FOREIGN KEY ("notificationId") REFERENCES "public"."notifications"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_pageId_fkey" FOREIGN KEY ("pageId") REFERENCES "public"."pages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_triggeredByUserId_fkey" FOREIGN KEY ("triggeredByUserId") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_planId_fkey" FOREIGN KEY ("planId") REFERENCES "public"."plans"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_profiles" ADD CONSTRAINT "user_profiles_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_logs_createdAt_idx" ON "activity_logs" USING brin ("createdAt");--> statement-breakpoint
CREATE INDEX "activity_logs_driveId_createdAt_idx" ON "activity_logs" USING btree ("driveId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_pageId_createdAt_idx" ON "activity_logs" USING btree ("pageId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_actorId_createdAt_idx" ON "activity_logs" USING btree ("actorId","createdAt","id");--> statement-breakpoint
CREATE INDEX "activity_logs_targetUserId_createdAt_idx" ON "activity_logs" USING btree ("targetUserId","createdAt","id");--> statement-breakpoint
CREATE INDEX "api_metrics_createdAt_idx" ON "api_metrics" USING brin ("createdAt");--> statement-breakpoint
CREATE INDEX "billing_events_type_processedAt_idx" ON "billing_events" USING btree ("type","processedAt","id");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_pair_key" ON "connections" USING btree ("user1Id","user2Id");--> statement-breakpoint
CREATE INDEX "connections_user1Id_status_idx" ON "connections" USING btree ("user1Id","status","updatedAt","id");--> statement-breakpoint
CREATE INDEX "connections_user2Id_status_idx" ON "connections" USING btree ("user2Id","status","updatedAt","id");--> statement-breakpoint
CREATE INDEX "connections_requestedBy_idx" ON "connections" USING btree ("requestedBy");--> statement-breakpoint
CREATE INDEX "connections_blockedBy_idx" ON "connections" USING btree ("blockedBy");--> statement-breakpoint
CREATE UNIQUE INDEX "direct_conversations_pair_key" ON "direct_conversations" USING btree ("user1Id","user2Id");--> statement-breakpoint
CREATE INDEX "direct_conversations_user1Id_lastMessageAt_idx" ON "direct_conversations" USING btree ("user1Id","lastMessageAt","id");--> statement-breakpoint
CREATE INDEX "direct_conversations_user2Id_lastMessageAt_idx" ON "direct_conversations" USING btree ("user2Id","lastMessageAt","id");--> statement-breakpoint
CREATE INDEX "direct_messages_conversationId_isTrashed_createdAt_idx" ON "direct_messages" USING btree ("conversationId","isTrashed","createdAt","id");--> statement-breakpoint
CREATE INDEX "direct_messages_senderId_idx" ON "direct_messages" USING btree ("senderId");--> statement-breakpoint
CREATE INDEX "email_notification_logs_userId_idx" ON "email_notification_logs" USING btree ("userId");--> statement-breakpoint
CREATE INDEX "email_notification_logs_notificationId_idx" ON "email_notification_logs" USING btree ("notificationId");--> statement-breakpoint
CREATE INDEX "email_notification_logs_queued_idx" ON "email_notification_logs" USING btree ("createdAt","id") WHERE "email_notification_logs"."status" = 'QUEUED';--> statement-breakpoint
CREATE INDEX "error_logs_createdAt_idx" ON "error_logs" USING brin ("createdAt");--> statement-breakpoint
CREATE UNIQUE INDEX "notification_preferences_userId_type_key" ON "notification_preferences" USING btree ("userId","type");--> statement-breakpoint
CREATE INDEX "notifications_userId_createdAt_idx" ON "notifications" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE INDEX "notifications_unread_idx" ON "notifications" USING btree ("userId","createdAt","id") INCLUDE ("type","title","message","pageId","driveId","triggeredByUserId") WHERE not "notifications"."isRead";--> statement-breakpoint
CREATE INDEX "notifications_pageId_idx" ON "notifications" USING btree ("pageId");--> statement-breakpoint
CREATE INDEX "notifications_driveId_idx" ON "notifications" USING btree ("driveId");--> statement-breakpoint
CREATE INDEX "notifications_triggeredByUserId_idx" ON "notifications" USING btree ("triggeredByUserId");--> statement-breakpoint
CREATE UNIQUE INDEX "plans_key_key" ON "plans" USING btree ("key");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_stripeSubscriptionId_key" ON "subscriptions" USING btree ("stripeSubscriptionId");--> statement-breakpoint
CREATE UNIQUE INDEX "subscriptions_living_key" ON "subscriptions" USING btree ("userId") WHERE "subscriptions"."status" <> 'CANCELED';--> statement-breakpoint
CREATE INDEX "subscriptions_userId_createdAt_idx" ON "subscriptions" USING btree ("userId","createdAt","id");--> statement-breakpoint
CREATE INDEX "subscriptions_planId_idx" ON "subscriptions" USING btree ("planId");--> statement-breakpoint
CREATE INDEX "system_logs_createdAt_idx" ON "system_logs" USING brin ("createdAt");--> statement-breakpoint
CREATE UNIQUE INDEX "user_profiles_userId_key" ON "user_profiles" USING btree ("userId");--> statement-breakpoint
CREATE UNIQUE INDEX "user_profiles_username_key" ON "user_profiles" USING btree (lower("username"));
