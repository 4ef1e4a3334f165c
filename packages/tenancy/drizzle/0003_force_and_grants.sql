-- Without FORCE the owner reads every tenant's rows; drizzle-kit never writes it.
ALTER TABLE "tenants" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "users" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "conversations" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "messages" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "documents" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "document_chunks" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- No TRUNCATE, REFERENCES or TRIGGER: row security does not cover the first, and the others reach around it.
GRANT USAGE ON SCHEMA "public" TO "tenancy_app";--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "tenants", "users", "conversations", "messages", "documents", "document_chunks" TO "tenancy_app";
