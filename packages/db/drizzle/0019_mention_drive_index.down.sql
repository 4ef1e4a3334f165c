-- migrator: no-transaction
DROP INDEX CONCURRENTLY IF EXISTS "mentions_sourceDriveId_sourcePageId_idx";
