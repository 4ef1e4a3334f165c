DROP TABLE "document_chunks";--> statement-breakpoint
DROP TABLE "documents";--> statement-breakpoint
DROP TABLE "messages";--> statement-breakpoint
DROP TABLE "conversations";--> statement-breakpoint
DROP TABLE "users";--> statement-breakpoint
DROP TABLE "tenants";--> statement-breakpoint
DROP TYPE "public"."document_source";--> statement-breakpoint
DROP TYPE "public"."document_status";--> statement-breakpoint
DROP TYPE "public"."message_role";--> statement-breakpoint
DROP TYPE "public"."tenant_plan";--> statement-breakpoint
DROP TYPE "public"."user_role";
