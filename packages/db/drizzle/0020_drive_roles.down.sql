ALTER TABLE "drive_roles" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "drive_members" DROP CONSTRAINT "drive_members_driveId_customRoleId_fkey";--> statement-breakpoint
DROP TABLE "drive_roles" CASCADE;--> statement-breakpoint
DROP INDEX "drive_members_driveId_customRoleId_idx";--> statement-breakpoint
ALTER TABLE "drive_members" DROP COLUMN "customRoleId";
