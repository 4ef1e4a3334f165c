import postgres from 'postgres';

/** How a database orders text, for a test that it is repaired after an upgrade of its system. */
export interface TextOrder {
  /** Makes the database look as if an older system had built its indexes. */
  pretendOlder(): Promise<void>;
  /** Whether the version on record is the system's; a cluster of `C.UTF-8` has none. */
  isRecorded(): Promise<boolean>;
  /** The file of each index that orders text by the database's own rules, by its qualified name. */
  indexFiles(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** @param url of a superuser */
export function openTextOrder(url: string): TextOrder {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return {
    async pretendOlder() {
      await sql`update pg_database set datcollversion = '0.1' where datname = current_database()`;
    },
    async isRecorded() {
      const [row] = await sql<{ yes: boolean }[]>`
        select datcollversion is not distinct from pg_database_collation_actual_version(oid) as yes
        from pg_database where datname = current_database()`;
      return row?.yes === true;
    },
    async indexFiles() {
      const rows = await sql<{ name: string; file: string }[]>`
        select format('%I.%I', n.nspname, c.relname) as name, c.relfilenode::text as file
        from pg_index i
        join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_'
          and 'pg_catalog."default"'::regcollation::oid = any (i.indcollation::oid[])
        order by 1`;
      return Object.fromEntries(rows.map(({ name, file }) => [name, file]));
    },
    close: () => sql.end(),
  };
}
