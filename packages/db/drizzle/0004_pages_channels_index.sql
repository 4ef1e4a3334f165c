-- migrator: no-transaction
CREATE INDEX CONCURRENTLY "pages_channels_idx" ON "pages" USING btree ("driveId","id") WHERE "pages"."type" = 'CHANNEL' and not "pages"."isTrashed";
