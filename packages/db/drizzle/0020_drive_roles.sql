-- migrator: no-transaction
CREATE TABLE "drive_roles" (
	"id" text PRIMARY KEY NOT NULL,
	"driveId" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"canView" boolean NOT NULL,
	"canEdit" boolean NOT NULL,
	"canShare" boolean NOT NULL,
	"canDelete" boolean NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "drive_roles_driveId_id_key" UNIQUE("driveId","id"),
	CONSTRAINT "drive_roles_view_check" CHECK ("drive_roles"."canView" or not ("drive_roles"."canEdit" or "drive_roles"."canShare" or "drive_roles"."canDelete"))
);--> statement-breakpoint
ALTER TABLE "drive_members" ADD COLUMN "customRoleId" text;--> statement-breakpoint
ALTER TABLE "drive_roles" ADD CONSTRAINT "drive_roles_driveId_fkey" FOREIGN KEY ("driveId") REFERENCES "public"."drives"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "drive_roles_driveId_name_key" ON "drive_roles" USING btree ("driveId",lower("name"));--> statement-breakpoint
ALTER TABLE "drive_members" ADD CONSTRAINT "drive_members_driveId_customRoleId_fkey" FOREIGN KEY ("driveId","customRoleId") REFERENCES "public"."drive_roles"("driveId","id") ON DELETE restrict ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "drive_members" VALIDATE CONSTRAINT "drive_members_driveId_customRoleId_fkey";--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "drive_members_driveId_customRoleId_idx" ON "drive_members" USING btree ("driveId","customRoleId") WHERE "drive_members"."customRoleId" is not null;
