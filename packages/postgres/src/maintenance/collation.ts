import { sql } from 'drizzle-orm';
import type { PostgresDatabase } from '../queries/database.ts';

/** How the database's collation was when its indexes were built, and how it is now. */
export interface CollationState {
  readonly database: string;
  /** Null where the provider has no versions (the C locale, musl). */
  readonly recordedVersion: string | null;
  readonly actualVersion: string | null;
  readonly isMismatched: boolean;
  /** Indexes that order text by it and may therefore be in the wrong order, quoted. */
  readonly indexes: readonly string[];
}

/**
 * Compares the recorded collation version with the operating system's. They differ after an upgrade
 * of the C library or ICU; an index sorted by the old one may then miss rows that are there.
 */
export async function inspectCollation(db: PostgresDatabase): Promise<CollationState> {
  const [row] = await db.execute<{
    database: string;
    recorded: string | null;
    actual: string | null;
  }>(sql`
    select datname as database, datcollversion as recorded,
      pg_database_collation_actual_version(oid) as actual
    from pg_database where datname = current_database()`);
  const recordedVersion = row?.recorded ?? null;
  const actualVersion = row?.actual ?? null;
  const isMismatched = recordedVersion !== actualVersion;
  // Key columns with the database's default collation; system catalogues use C.
  const indexes = await db.execute<{ name: string }>(sql`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'pg_toast', 'information_schema')
      and exists (
        select 1 from unnest(i.indcollation::oid[]) as key(collation_id)
        join pg_collation l on l.oid = key.collation_id and l.collprovider = 'd'
      )
    order by 1`);
  return {
    database: row?.database ?? '',
    recordedVersion,
    actualVersion,
    isMismatched,
    indexes: isMismatched ? indexes.map(({ name }) => name) : [],
  };
}

/**
 * Rebuilds indexes one by one without blocking writes.
 * @param names as `inspectCollation` quotes them
 */
export async function rebuildIndexes(
  db: PostgresDatabase,
  names: readonly string[],
  onRebuilt: (name: string) => void = () => {},
): Promise<void> {
  for (const name of names) {
    await db.execute(sql`reindex index concurrently ${sql.raw(name)}`);
    onRebuilt(name);
  }
}

/** Records the operating system's version as the database's. */
export async function refreshCollationVersion(
  db: PostgresDatabase,
  database: string,
): Promise<void> {
  await db.execute(sql`alter database ${sql.identifier(database)} refresh collation version`);
}
