-- migrator: no-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS "mentions_sourceDriveId_sourcePageId_idx" ON "mentions" USING btree ("sourceDriveId","sourcePageId");
