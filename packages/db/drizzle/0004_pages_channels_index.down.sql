-- migrator: no-transaction
DROP INDEX CONCURRENTLY "pages_channels_idx";
