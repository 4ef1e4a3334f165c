DO $$
BEGIN
	ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) NOT LEAKPROOF;
EXCEPTION
	WHEN insufficient_privilege THEN NULL;
END
$$;
