DROP TABLE "dead_events" CASCADE;--> statement-breakpoint
DROP TABLE "inbox_messages" CASCADE;--> statement-breakpoint
DROP TABLE "outbox_events" CASCADE;
