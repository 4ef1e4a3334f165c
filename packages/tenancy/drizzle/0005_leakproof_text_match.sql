-- Under row security PostgreSQL uses an index only for operators marked LEAKPROOF, and `tsvector @@ tsquery`
-- is not: without this, text search reads every chunk of the tenant. The function raises no error that
-- holds a value and has no side effect. Only a superuser may mark it; elsewhere search is right, but slower.
DO $$
BEGIN
	ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
EXCEPTION
	WHEN insufficient_privilege THEN
		RAISE NOTICE 'Text search under row security does without its index: only a superuser may mark ts_match_vq LEAKPROOF.';
END
$$;
