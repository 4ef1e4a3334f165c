DROP TABLE "storage_events" CASCADE;--> statement-breakpoint
DROP TABLE "file_pages" CASCADE;--> statement-breakpoint
DROP TABLE "files" CASCADE;--> statement-breakpoint
DROP TYPE "StorageEventType";
