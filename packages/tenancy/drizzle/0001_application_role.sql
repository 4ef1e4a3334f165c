-- The application's role has no login: a deployment grants it to a login role of its own. A role is the
-- whole server's, so another database may have made it already, or be making it now.
DO $$
BEGIN
	CREATE ROLE "tenancy_app" NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
EXCEPTION
	WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
--> statement-breakpoint
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenancy_app' AND (rolsuper OR rolbypassrls)) THEN
		RAISE EXCEPTION 'Role tenancy_app is a superuser or has BYPASSRLS: row security would not hold. Run ALTER ROLE tenancy_app NOSUPERUSER NOBYPASSRLS first.';
	END IF;
END
$$;
