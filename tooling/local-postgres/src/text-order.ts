import postgres from 'postgres';

/** The migrator's functions of these names, because this package does not depend on it. */
export interface CollationRepair {
  inspectCollation(url: string): Promise<{ readonly indexes: readonly string[] }>;
  fixCollation(
    url: string,
    options?: { reindex?: boolean },
  ): Promise<{ readonly rebuilt: readonly string[]; readonly recorded: boolean }>;
}

/** The outcome of a repair of the order of text, index by index, for a test. */
export interface CollationRehearsal {
  /** Every index that orders text by the database's own rules, by its qualified name. */
  readonly indexes: readonly string[];
  readonly named: readonly string[];
  /** The effect of a run without `reindex`. */
  readonly changedByReport: { readonly rebuilt: readonly string[]; readonly recorded: boolean };
  /** The indexes with a new file after the repair. */
  readonly rebuilt: readonly string[];
  readonly isRecorded: boolean;
}

/**
 * Makes the database look as if an older system had built its indexes, then runs the report and the
 * repair.
 *
 * @param url of a superuser
 * @throws the repair's error; the database then stays as it is
 */
export async function rehearseCollationRepair(
  url: string,
  { inspectCollation, fixCollation }: CollationRepair,
): Promise<CollationRehearsal> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const before = await textIndexFiles(sql);
    await sql`update pg_database set datcollversion = '0.1' where datname = current_database()`;
    const { indexes: named } = await inspectCollation(url);
    const { rebuilt } = await fixCollation(url);
    const changedByReport = { rebuilt, recorded: await isVersionRecorded(sql) };
    await fixCollation(url, { reindex: true });
    const after = await textIndexFiles(sql);
    return {
      indexes: [...before.keys()].toSorted(),
      named: named.toSorted(),
      changedByReport,
      rebuilt: [...after]
        .flatMap(([name, file]) => (file === before.get(name) ? [] : [name]))
        .toSorted(),
      isRecorded: await isVersionRecorded(sql),
    };
  } finally {
    await sql.end();
  }
}

/** True if the recorded version is the system's; a cluster of `C.UTF-8` has none. */
async function isVersionRecorded(sql: postgres.Sql): Promise<boolean> {
  const [row] = await sql<{ yes: boolean }[]>`
    select datcollversion is not distinct from pg_database_collation_actual_version(oid) as yes
    from pg_database where datname = current_database()`;
  return row?.yes === true;
}

async function textIndexFiles(sql: postgres.Sql): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ name: string; file: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name, c.relfilenode::text as file
    from pg_index i
    join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^pg_'
      and 'pg_catalog."default"'::regcollation::oid = any (i.indcollation::oid[])`;
  return new Map(rows.map(({ name, file }) => [name, file]));
}
