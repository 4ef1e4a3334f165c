import type { ISql } from 'postgres';

/** The operator function behind `tsvector @@ tsquery`; migration 0005 says why it is marked. */
const textMatch = 'pg_catalog.ts_match_vq(tsvector, tsquery)';

/** One node's answer to a command. */
interface Answer {
  readonly node: string;
  readonly success: boolean;
  readonly result: string;
}

/** Runs a statement on the coordinator and on every worker. */
const onEveryNode = (sql: ISql, statement: string) => sql<Answer[]>`
  select coalesce(n.nodename || ':' || n.nodeport, 'the coordinator') as node, a.success, a.result
  from run_command_on_all_nodes(${statement}) a left join pg_dist_node n using (nodeid)
  order by 1`;

/**
 * Marks the text search operator LEAKPROOF on every node, without which row security keeps it from
 * its index there. Only a superuser may; for another role this changes nothing.
 */
export async function markTextMatchLeakproof(sql: ISql): Promise<void> {
  const [role] = await sql<{ rolsuper: boolean }[]>`
    select rolsuper from pg_roles where rolname = current_user`;
  if (role?.rolsuper) await onEveryNode(sql, leakproofStatement);
}

/** The statement to run on a node that was added later. */
export const leakproofStatement = `alter function ${textMatch} leakproof`;

/** The nodes whose text search cannot use its index. */
export async function nodesWithoutLeakproof(sql: ISql): Promise<string[]> {
  const answers = await onEveryNode(
    sql,
    `select proleakproof from pg_proc where oid = '${textMatch}'::regprocedure`,
  );
  return answers.filter(({ result }) => result !== 't').map(({ node }) => node);
}

interface StoredColumn {
  readonly table: string;
  readonly column: string;
  readonly storage: string;
}

/**
 * Columns of distributed tables and partitions whose storage differs from their type's: STORAGE
 * PLAIN.
 */
const columnsWithStorage = (sql: ISql) => sql<StoredColumn[]>`
  select a.attrelid::regclass::text as table, quote_ident(a.attname) as column,
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end as storage
  from pg_dist_partition d
  join pg_class c on c.oid = d.logicalrelid and c.relkind = 'r'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where a.attstorage <> t.typstorage
  order by 1, 2`;

/** Restores the storage that the shards' columns lost by distribution. */
export async function restoreStorage(sql: ISql): Promise<void> {
  for (const { table, column, storage } of await columnsWithStorage(sql)) {
    await sql`select run_command_on_placements(${table}::regclass,
      ${`alter table %s alter column ${column} set storage ${storage}`})`;
  }
}

/** The columns whose storage in some shard differs from the table's. */
export async function columnsWithLostStorage(sql: ISql): Promise<string[]> {
  const lost: string[] = [];
  for (const { table, column, storage } of await columnsWithStorage(sql)) {
    const answers = await sql<{ result: string }[]>`
      select result from run_command_on_placements(${table}::regclass,
        ${`select attstorage from pg_attribute where attrelid = '%s'::regclass and quote_ident(attname) = '${column}'`})`;
    if (answers.some(({ result }) => result !== (storage === 'extended' ? 'x' : storage.charAt(0))))
      lost.push(`${table}.${column}`);
  }
  return lost;
}
