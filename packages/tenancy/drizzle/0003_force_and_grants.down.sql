REVOKE SELECT, INSERT, UPDATE, DELETE ON "tenants", "users", "conversations", "messages", "documents", "document_chunks" FROM "tenancy_app";--> statement-breakpoint
REVOKE USAGE ON SCHEMA "public" FROM "tenancy_app";--> statement-breakpoint
ALTER TABLE "document_chunks" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "documents" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "messages" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "conversations" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "users" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "tenants" NO FORCE ROW LEVEL SECURITY;
