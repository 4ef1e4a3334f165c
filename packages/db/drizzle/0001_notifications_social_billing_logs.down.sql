DROP TABLE "activity_logs" CASCADE;--> statement-breakpoint
DROP TABLE "api_metrics" CASCADE;--> statement-breakpoint
DROP TABLE "billing_events" CASCADE;--> statement-breakpoint
DROP TABLE "connections" CASCADE;--> statement-breakpoint
DROP TABLE "direct_conversations" CASCADE;--> statement-breakpoint
DROP TABLE "direct_messages" CASCADE;--> statement-breakpoint
DROP TABLE "email_notification_logs" CASCADE;--> statement-breakpoint
DROP TABLE "error_logs" CASCADE;--> statement-breakpoint
DROP TABLE "notification_preferences" CASCADE;--> statement-breakpoint
DROP TABLE "notifications" CASCADE;--> statement-breakpoint
DROP TABLE "plans" CASCADE;--> statement-breakpoint
DROP TABLE "subscriptions" CASCADE;--> statement-breakpoint
DROP TABLE "system_logs" CASCADE;--> statement-breakpoint
DROP TABLE "user_profiles" CASCADE;--> statement-breakpoint
DROP TYPE "public"."ConnectionStatus";--> statement-breakpoint
DROP TYPE "public"."EmailStatus";--> statement-breakpoint
DROP TYPE "public"."LogLevel";--> statement-breakpoint
DROP TYPE "public"."NotificationType";--> statement-breakpoint
DROP TYPE "public"."SubscriptionStatus";
