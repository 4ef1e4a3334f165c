DROP TABLE "channel_message_reactions" CASCADE;--> statement-breakpoint
DROP TABLE "channel_messages" CASCADE;--> statement-breakpoint
DROP TABLE "channel_read_status" CASCADE;--> statement-breakpoint
DROP TABLE "conversations" CASCADE;--> statement-breakpoint
DROP TABLE "messages" CASCADE;--> statement-breakpoint
DROP TYPE "public"."ConversationType";--> statement-breakpoint
DROP TYPE "public"."MessageStatus";
