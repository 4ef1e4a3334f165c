-- A field of what is hashed: its length in bytes comes first, so that no two lists of fields read alike.
CREATE FUNCTION "audit_field"("value" text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(octet_length("value") || ':' || "value", '-');
--> statement-breakpoint
CREATE FUNCTION "audit_millis"("value" timestamp with time zone) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (extract(epoch FROM "value") * 1000)::bigint::text;
--> statement-breakpoint
CREATE FUNCTION "audit_sha256"(VARIADIC "fields" text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN encode(sha256(convert_to((SELECT string_agg("audit_field"("field"), '' ORDER BY "place")
		FROM unnest("fields") WITH ORDINALITY AS "f" ("field", "place")), 'UTF8')), 'hex');
--> statement-breakpoint
-- Appends an entry to its scope's chain. The head's row lock is held until commit: writers of one scope
-- wait for one another, those of others do not. Its owner's rights, so that writers need none on the heads.
CREATE FUNCTION "audit_chain_entry"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO "audit_heads" ("scope", "position", "hash") VALUES (NEW."scope", 1, repeat('0', 64))
		ON CONFLICT ("scope") DO UPDATE SET "position" = "audit_heads"."position" + 1
		RETURNING "position", "hash" INTO NEW."position", NEW."previousHash";
	NEW."recordedAt" := clock_timestamp()::timestamp (3) with time zone;
	NEW."updatedAt" := NEW."recordedAt";
	NEW."redactedAt" := NULL;
	NEW."salt" := replace(gen_random_uuid()::text, '-', '');
	NEW."detailsHash" := "audit_sha256"(NEW."salt", NEW."before"::text, NEW."after"::text);
	NEW."hash" := "audit_sha256"(NEW."previousHash", NEW."scope", NEW."position"::text, NEW."id", NEW."actorId",
		NEW."action", NEW."subjectId", NEW."targetUserId", NEW."detailsHash",
		"audit_millis"(NEW."recordedAt"), "audit_millis"(NEW."createdAt"));
	UPDATE "audit_heads" SET "hash" = NEW."hash", "updatedAt" = NEW."recordedAt" WHERE "scope" = NEW."scope";
	RETURN NEW;
END
$$;
--> statement-breakpoint
-- Refuses every change but two: details that become null, and a row of a pruned stretch that goes.
CREATE FUNCTION "audit_keep_entry"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	"rest" "audit_entries";
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF OLD."position" <= (SELECT "prunedPosition" FROM "audit_heads" WHERE "scope" = OLD."scope") THEN
			RETURN OLD;
		END IF;
	ELSIF TG_OP = 'UPDATE' AND OLD."redactedAt" IS NULL AND OLD."action" NOT LIKE 'audit.%'
		AND NEW."before" IS NULL AND NEW."after" IS NULL THEN
		"rest" := NEW;
		"rest"."before" := OLD."before"; "rest"."after" := OLD."after"; "rest"."salt" := OLD."salt";
		"rest"."redactedAt" := OLD."redactedAt"; "rest"."updatedAt" := OLD."updatedAt";
		IF "rest" IS NOT DISTINCT FROM OLD THEN
			NEW."salt" := NULL;
			NEW."redactedAt" := clock_timestamp()::timestamp (3) with time zone;
			NEW."updatedAt" := NEW."redactedAt";
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION 'audit_entries is append-only' USING ERRCODE = '42501';
END
$$;
--> statement-breakpoint
-- A redaction is an act too.
CREATE FUNCTION "audit_record_redaction"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "audit_entries" ("scope", "id", "action", "after", "createdAt") VALUES (NEW."scope",
		'r' || left(replace(gen_random_uuid()::text, '-', ''), 23), 'audit.redact',
		jsonb_build_object('position', NEW."position"), NEW."redactedAt");
	RETURN NULL;
END
$$;
--> statement-breakpoint
-- Lets the chain's trigger move a head, and anyone who may update it prune: forwards, at the hash of the
-- entry where the pruned stretch ends. A pruning is recorded like any act.
CREATE FUNCTION "audit_keep_head"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' AND (NEW."scope", NEW."position", NEW."hash") = (OLD."scope", OLD."position", OLD."hash")
		AND NEW."prunedPosition" > OLD."prunedPosition"
		AND NEW."prunedHash" = (SELECT "hash" FROM "audit_entries"
			WHERE "scope" = NEW."scope" AND "position" = NEW."prunedPosition") THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'audit_heads is written by the audit trail alone' USING ERRCODE = '42501';
END
$$;
--> statement-breakpoint
CREATE FUNCTION "audit_record_pruning"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW."prunedPosition" > OLD."prunedPosition" THEN
		INSERT INTO "audit_entries" ("scope", "id", "action", "after") VALUES (NEW."scope",
			'r' || left(replace(gen_random_uuid()::text, '-', ''), 23), 'audit.prune',
			jsonb_build_object('position', NEW."prunedPosition"));
	END IF;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_entries_chain" BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION "audit_chain_entry"();
--> statement-breakpoint
CREATE TRIGGER "audit_entries_keep" BEFORE UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION "audit_keep_entry"();
--> statement-breakpoint
CREATE TRIGGER "audit_entries_keep_all" BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION "audit_keep_entry"();
--> statement-breakpoint
CREATE TRIGGER "audit_entries_record_redaction" AFTER UPDATE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION "audit_record_redaction"();
--> statement-breakpoint
CREATE TRIGGER "audit_heads_keep" BEFORE INSERT OR UPDATE OR DELETE ON "audit_heads" FOR EACH ROW EXECUTE FUNCTION "audit_keep_head"();
--> statement-breakpoint
CREATE TRIGGER "audit_heads_keep_all" BEFORE TRUNCATE ON "audit_heads" FOR EACH STATEMENT EXECUTE FUNCTION "audit_keep_head"();
--> statement-breakpoint
CREATE TRIGGER "audit_heads_record_pruning" AFTER UPDATE ON "audit_heads" FOR EACH ROW EXECUTE FUNCTION "audit_record_pruning"();
--> statement-breakpoint
-- Also while session_replication_role is replica, which turns ordinary triggers off.
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_chain";
--> statement-breakpoint
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_keep";
--> statement-breakpoint
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_keep_all";
--> statement-breakpoint
ALTER TABLE "audit_entries" ENABLE ALWAYS TRIGGER "audit_entries_record_redaction";
--> statement-breakpoint
ALTER TABLE "audit_heads" ENABLE ALWAYS TRIGGER "audit_heads_keep";
--> statement-breakpoint
ALTER TABLE "audit_heads" ENABLE ALWAYS TRIGGER "audit_heads_keep_all";
--> statement-breakpoint
ALTER TABLE "audit_heads" ENABLE ALWAYS TRIGGER "audit_heads_record_pruning";
--> statement-breakpoint
REVOKE ALL ON "audit_entries", "audit_heads", "audit_pseudonyms" FROM PUBLIC;
