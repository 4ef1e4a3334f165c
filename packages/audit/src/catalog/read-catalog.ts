import { type Model, tableId } from '../model/model.ts';
import { isSecretColumn, looksProtected } from '../rules/secret-names.ts';
import type {
  Catalog,
  CatalogColumnStatistics,
  CatalogIndex,
  CatalogRole,
  CatalogSequence,
  CatalogTable,
  SampledColumn,
} from './catalog.ts';
import type { Session } from './connection.ts';
import { OWN_TABLES } from './read-model.ts';

type Raw<T> = { [K in keyof T]: T[K] } & { schema: string };

const tablesOf = async (session: Session): Promise<CatalogTable[]> => {
  const rows = await session.rows<Raw<CatalogTable> & { name: string }>(
    `select n.nspname as schema, c.relname as name, greatest(c.reltuples, coalesce(s.n_live_tup, 0), 0)::float8 as rows,
       pg_total_relation_size(c.oid)::float8 as bytes, coalesce(s.n_dead_tup, 0)::float8 as "deadRows",
       c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
       c.relkind = 'p' as partitioned, c.relispartition as partition, coalesce(s.n_tup_ins, 0)::float8 as inserts,
       coalesce(s.n_tup_upd, 0)::float8 as updates, coalesce(s.n_tup_del, 0)::float8 as deletes,
       coalesce(s.seq_scan, 0)::float8 as "sequentialScans", coalesce(s.idx_scan, 0)::float8 as "indexScans",
       s.last_analyze is not null or s.last_autoanalyze is not null as analyzed,
       coalesce(s.n_mod_since_analyze, 0)::float8 as "modifiedSinceAnalyze"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
     where c.relkind in ('r', 'p') and ${OWN_TABLES} order by 1, 2`,
  );
  return rows.map(({ schema, name, ...row }) => ({ ...row, id: tableId(name, schema) }));
};

const indexesOf = async (session: Session): Promise<CatalogIndex[]> => {
  const rows = await session.rows<Raw<CatalogIndex>>(
    `select n.nspname as schema, c.relname as table, x.relname as name, pg_get_indexdef(i.indexrelid) as definition,
       i.indisvalid as valid, i.indisunique as unique, coalesce(s.idx_scan, 0)::float8 as scans,
       pg_relation_size(i.indexrelid)::float8 as bytes,
       exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) as constraint
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
     join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_indexes s on s.indexrelid = i.indexrelid
     where ${OWN_TABLES} order by 1, 2, 3`,
  );
  return rows.map(({ schema, ...row }) => ({ ...row, table: tableId(row.table, schema) }));
};

const sequencesOf = (session: Session): Promise<CatalogSequence[]> =>
  session.rows<CatalogSequence & { [key: string]: unknown }>(
    `select c.relname as name, coalesce(pg_sequence_last_value(c.oid), 0)::float8 as last,
       least(q.seqmax, case t.typname when 'int4' then 2147483647 when 'int2' then 32767 else q.seqmax end)::float8 as max,
       f.relname || '.' || a.attname as feeds
     from pg_sequence q join pg_class c on c.oid = q.seqrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0
     left join pg_class f on f.oid = d.refobjid left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     left join pg_type t on t.oid = a.atttypid
     where not q.seqcycle and ${OWN_TABLES} order by 1`,
  );

const statisticsOf = async (session: Session): Promise<CatalogColumnStatistics[]> => {
  const rows = await session.rows<Raw<CatalogColumnStatistics>>(
    `select p.schemaname as schema, p.tablename as table, p.attname as column, p.n_distinct::float8 as distinct,
       coalesce(p.most_common_vals::text::text[], '{}') as "commonValues"
     from pg_stats p join pg_class c on c.relname = p.tablename join pg_namespace n on n.oid = c.relnamespace and n.nspname = p.schemaname
     join pg_attribute a on a.attrelid = c.oid and a.attname = p.attname
     where a.atttypid in ('text'::regtype, 'varchar'::regtype) and ${OWN_TABLES}`,
  );
  return rows.map(({ schema, ...row }) => ({ ...row, table: tableId(row.table, schema) }));
};

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Samples values of columns that hold secrets. The values stay in this function, which returns only
 * counts.
 */
const sampled = async (session: Session, model: Model): Promise<SampledColumn[]> => {
  const found: SampledColumn[] = [];
  for (const table of model.tables)
    for (const column of table.columns) {
      if (!isSecretColumn(column)) continue;
      const from = `${quote(table.schema ?? 'public')}.${quote(table.name)}`;
      try {
        const rows = await session.rows<{ value: string }>(
          `select ${quote(column.name)}::text as value from ${from} where ${quote(column.name)} is not null limit 50`,
        );
        if (rows.length > 0)
          found.push({
            table: table.id,
            column: column.name,
            sampled: rows.length,
            plain: rows.filter(({ value }) => !looksProtected(value)).length,
          });
      } catch {
        // Without the right to read the table, nothing is sampled.
      }
    }
  return found;
};

/** Facts that only the running database has. */
export const readCatalog = async (session: Session, model: Model): Promise<Catalog> => {
  const [server] = await session.rows<{ version: number; days: number | null }>(
    `select current_setting('server_version_num')::int / 10000 as version,
       (select extract(epoch from now() - coalesce(stats_reset, pg_postmaster_start_time())) / 86400 from pg_stat_database where datname = current_database())::float8 as days`,
  );
  const roles = await session.rows<CatalogRole & { [key: string]: unknown }>(
    `select rolname as name, rolsuper as superuser, rolbypassrls as "bypassesRowSecurity", rolcanlogin as "canLogin"
     from pg_roles where rolname not like 'pg\\_%' order by 1`,
  );
  const triggers = await session.rows<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_trigger g join pg_class c on c.oid = g.tgrelid
     join pg_namespace n on n.oid = c.relnamespace
     where not g.tgisinternal and g.tgtype & 16 = 16 and g.tgtype & 2 = 2 and ${OWN_TABLES}`,
  );
  const unvalidated = await session.rows<{ schema: string; table: string; name: string }>(
    `select n.nspname as schema, c.relname as table, k.conname as name from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where not k.convalidated and ${OWN_TABLES}`,
  );
  // The server's default is NULL since PostgreSQL 17, and -1 before.
  const targets = await session.rows<{
    schema: string;
    table: string;
    column: string;
    target: number;
  }>(
    `select n.nspname as schema, c.relname as table, a.attname as column, (to_jsonb(a) ->> 'attstattarget')::int as target
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and (to_jsonb(a) ->> 'attstattarget')::int >= 0 and ${OWN_TABLES}`,
  );
  return {
    targets: targets.map(({ schema, table, ...row }) => ({
      ...row,
      table: tableId(table, schema),
    })),
    version: server?.version ?? 0,
    statisticsDays: server?.days ?? undefined,
    tables: await tablesOf(session),
    indexes: await indexesOf(session),
    sequences: (await sequencesOf(session)).map((row) => ({
      ...row,
      feeds: row.feeds ?? undefined,
    })),
    statistics: await statisticsOf(session),
    roles,
    updateTriggers: new Set(triggers.map(({ schema, name }) => tableId(name, schema))),
    unvalidated: unvalidated.map(({ schema, table, name }) => ({
      table: tableId(table, schema),
      name,
    })),
    sampled: await sampled(session, model),
  };
};
