import {
  DETAIL_PARTS,
  DETAIL_PRELUDE,
  type DetailKind,
  PUBLISHED_SCHEMAS,
} from './detail-queries.ts';

/**
 * The objects of a database: one SELECT per kind, each returning (kind, name, definition). Names and
 * definitions are the server's own spelling under an empty search_path, so equal schemas give equal
 * rows. `ns` holds the schemas that count, `owned` what belongs to an extension.
 */
const PRELUDE = `
  ns as (
    select oid, nspname from pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' and nspname <> all ($1)
      and oid not in (select objid from pg_depend where deptype = 'e' and classid = 'pg_namespace'::regclass)),
  owned as materialized (
    select classid, objid from pg_depend
    -- A range type's own constructors are made and dropped with it.
    where deptype = 'e' or deptype = 'i' and classid = 'pg_proc'::regclass),
  rel as materialized (
    select c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join ns n on n.oid = c.relnamespace
    where not exists (select 1 from owned o where o.classid = 'pg_class'::regclass and o.objid = c.oid)
      -- The migrator's own tables, with their sequences.
      and not (n.nspname = $2 and (c.relname = any ($3) or exists (
        select 1 from pg_depend d join pg_class t on t.oid = d.refobjid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
          and d.deptype in ('a', 'i') and t.relnamespace = n.oid and t.relname = any ($3))))),
  tab as materialized (select * from rel where relkind in ('r', 'p', 'f'))`;

const PARTS = {
  schema: `
    select 'schema', quote_ident(nspname), '' from ns
    where nspname <> 'public' and (nspname <> $2 or exists (select 1 from rel where rel.relnamespace = ns.oid))`,

  extension: `select 'extension', quote_ident(extname), '' from pg_extension where extname <> 'plpgsql'`,

  enum: `
    select 'enum', format('%I.%I', n.nspname, t.typname),
           (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
    from pg_type t join ns n on n.oid = t.typnamespace
    where t.typtype = 'e' and not exists (select 1 from owned o where o.classid = 'pg_type'::regclass and o.objid = t.oid)`,

  domain: `
    select 'domain', format('%I.%I', n.nspname, t.typname),
           format_type(t.typbasetype, t.typtypmod)
           || case when t.typcollation <> b.typcollation then ' COLLATE ' || t.typcollation::regcollation else '' end || coalesce(' DEFAULT ' || t.typdefault, '')
           || case when t.typnotnull then ' NOT NULL' else '' end
           || coalesce((select string_agg(format(' CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)), '' order by c.conname)
                        from pg_constraint c where c.contypid = t.oid and c.contype = 'c'), '')
    from pg_type t join ns n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
    where t.typtype = 'd' and not exists (select 1 from owned o where o.classid = 'pg_type'::regclass and o.objid = t.oid)`,

  type: `
    select 'type', r.name,
           (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                    || case when a.attcollation <> t.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end, ', ' order by a.attnum)
            from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)
    from rel r where r.relkind = 'c'`,

  'range type': `
    select 'range type', format('%I.%I', n.nspname, t.typname),
           format('SUBTYPE = %s, SUBTYPE_OPCLASS = %s', format_type(r.rngsubtype, null), (select format('%I.%I', cn.nspname, c.opcname) from pg_opclass c join pg_namespace cn on cn.oid = c.opcnamespace where c.oid = r.rngsubopc))
           || case when r.rngcollation <> 0 then ', COLLATION = ' || r.rngcollation::regcollation else '' end
           || case when r.rngsubdiff <> 0 then ', SUBTYPE_DIFF = ' || r.rngsubdiff::regproc else '' end
           || case when r.rngcanonical <> 0 then ', CANONICAL = ' || r.rngcanonical::regproc else '' end
           || coalesce((select format(', MULTIRANGE_TYPE_NAME = %I.%I', mn.nspname, m.typname) from pg_type m join pg_namespace mn on mn.oid = m.typnamespace where m.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid), '')
    from pg_type t join ns n on n.oid = t.typnamespace join pg_range r on r.rngtypid = t.oid
    where t.typtype = 'r' and not exists (select 1 from owned o where o.classid = 'pg_type'::regclass and o.objid = t.oid)`,

  sequence: `
    select 'sequence', r.name,
           format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
                  format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                  case when s.seqcycle then ' CYCLE' else '' end)
           || coalesce((select format(' OWNED BY %s.%I', d.refobjid::regclass, a.attname)
                        from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                        where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'a' and d.refobjsubid > 0), '')
    from rel r join pg_sequence s on s.seqrelid = r.oid
    where not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i')`,

  table: `
    select 'table', r.name,
           concat_ws(' ', case when r.relpersistence = 'u' then 'UNLOGGED' end,
             case when r.relkind = 'f' then 'FOREIGN' end,
             case when r.relkind = 'p' then 'PARTITION BY ' || pg_get_partkeydef(r.oid) end,
             (select 'PARTITION OF ' || i.inhparent::regclass || ' ' || pg_get_expr(r.relpartbound, r.oid)
              from pg_inherits i where i.inhrelid = r.oid and r.relispartition),
             (select 'INHERITS (' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) || ')'
              from pg_inherits i where i.inhrelid = r.oid and not r.relispartition),
             case when r.reloptions is not null then 'WITH (' || array_to_string(r.reloptions, ', ') || ')' end,
             case r.relreplident when 'f' then 'REPLICA IDENTITY FULL' when 'n' then 'REPLICA IDENTITY NOTHING' end)
    from tab r`,

  'row security': `
    select 'row security', r.name, case when r.relrowsecurity then 'ENABLED' else 'DISABLED' end
           || case when r.relforcerowsecurity then ', FORCED' else '' end
    from tab r where r.relrowsecurity or r.relforcerowsecurity`,

  column: `
    select 'column', format('%s.%I', r.name, a.attname),
           format_type(a.atttypid, a.atttypmod)
           || case when a.attstorage <> t.typstorage then ' STORAGE ' || case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end else '' end
           || case when a.attcollation <> t.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end
           || case when a.attgenerated <> '' then ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')' || case a.attgenerated when 's' then ' STORED' else ' VIRTUAL' end
                   when d.adbin is not null then ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) else '' end
           || case a.attidentity when 'a' then ' GENERATED ALWAYS AS IDENTITY' when 'd' then ' GENERATED BY DEFAULT AS IDENTITY' else '' end
           || case when a.attnotnull then ' NOT NULL' else '' end
    from tab r join pg_attribute a on a.attrelid = r.oid join pg_type t on t.oid = a.atttypid
         left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped`,

  'column order': `
    select 'column order', r.name, string_agg(quote_ident(a.attname), ', ' order by a.attnum)
    from tab r join pg_attribute a on a.attrelid = r.oid
    where a.attnum > 0 and not a.attisdropped group by r.name`,

  constraint: `
    select 'constraint', format('%s.%I', r.name, c.conname),
           pg_get_constraintdef(c.oid)
           || case when i.indisvalid is false then ' INVALID' else '' end
    from pg_constraint c join tab r on r.oid = c.conrelid left join pg_index i on i.indexrelid = c.conindid and c.contype in ('p', 'u', 'x')
    where c.contype in ('c', 'f', 'p', 'u', 'x') and c.conislocal and c.conparentid = 0`,

  index: `
    select 'index', format('%I.%I', r.nspname, c.relname),
           pg_get_indexdef(i.indexrelid) || case when not i.indisvalid then ' INVALID' else '' end
           || case when i.indisreplident then ' REPLICA IDENTITY' else '' end
    from pg_index i join pg_class c on c.oid = i.indexrelid join rel r on r.oid = i.indrelid
    where not c.relispartition and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,

  view: `
    select case r.relkind when 'm' then 'materialized view' else 'view' end, r.name,
           coalesce('WITH (' || array_to_string(r.reloptions, ', ') || ') ', '') || pg_get_viewdef(r.oid)
    from rel r where r.relkind in ('v', 'm')`,

  function: `
    select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
           format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
           case when p.prokind = 'a' then pg_get_function_result(p.oid) else pg_get_functiondef(p.oid) end
    from pg_proc p join ns n on n.oid = p.pronamespace
    where not exists (select 1 from owned o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)`,

  trigger: `
    select 'trigger', format('%s.%I', r.name, t.tgname),
           pg_get_triggerdef(t.oid) || case t.tgenabled when 'D' then ' DISABLED' when 'R' then ' REPLICA' when 'A' then ' ALWAYS' else '' end
    from pg_trigger t join rel r on r.oid = t.tgrelid
    where not t.tgisinternal and t.tgparentid = 0`,

  'event trigger': `
    select 'event trigger', quote_ident(evtname), format('ON %s EXECUTE FUNCTION %s', evtevent, evtfoid::regproc)
    from pg_event_trigger e
    where not exists (select 1 from owned o where o.classid = 'pg_event_trigger'::regclass and o.objid = e.oid)`,

  policy: `
    select 'policy', format('%s.%I', r.name, p.polname),
           format('AS %s FOR %s TO %s', case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
             case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
             (select string_agg(case when role = 0 then 'public' else quote_ident(pg_get_userbyid(role)) end, ', ' order by pg_get_userbyid(role)) from unnest(p.polroles) role))
           || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
           || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
    from pg_policy p join tab r on r.oid = p.polrelid`,

  rule: `
    select 'rule', format('%s.%I', r.name, w.rulename), pg_get_ruledef(w.oid)
    from pg_rewrite w join rel r on r.oid = w.ev_class where w.rulename <> '_RETURN'`,

  statistics: `
    select 'statistics', format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid)
    from pg_statistic_ext s join ns n on n.oid = s.stxnamespace`,

  grant: `
    select 'grant', format('%s TO %s', g.object, case when g.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(g.grantee)) end),
           string_agg(g.privilege_type || case when g.is_grantable then ' WITH GRANT OPTION' else '' end, ', ' order by g.privilege_type)
    from (
      select case when r.relkind = 'S' then 'SEQUENCE ' else 'TABLE ' end || r.name as object, r.relowner as owner, x.grantee, x.privilege_type, x.is_grantable
        from rel r, aclexplode(r.relacl) x where r.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      union all
      select format('TABLE %s COLUMN %I', r.name, a.attname), r.relowner, x.grantee, x.privilege_type, x.is_grantable
        from rel r join pg_attribute a on a.attrelid = r.oid, aclexplode(a.attacl) x
      union all
      select format('FUNCTION %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.proowner, x.grantee, x.privilege_type, x.is_grantable
        from pg_proc p join ns n on n.oid = p.pronamespace, aclexplode(p.proacl) x
        where not exists (select 1 from owned o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)
      union all
      select format('TYPE %I.%I', n.nspname, t.typname), t.typowner, x.grantee, x.privilege_type, x.is_grantable
        from pg_type t join ns n on n.oid = t.typnamespace, aclexplode(t.typacl) x
        where not exists (select 1 from owned o where o.classid = 'pg_type'::regclass and o.objid = t.oid)
      union all
      select format('SCHEMA %I', n.nspname), s.nspowner, x.grantee, x.privilege_type, x.is_grantable
        from ns n join pg_namespace s on s.oid = n.oid, aclexplode(s.nspacl) x
        where not (n.nspname = 'public' and x.grantee = 0 and x.privilege_type = 'USAGE')
    ) g
    where g.grantee <> g.owner
      -- What everyone has by default on functions and types; its absence is listed below.
      and not (g.grantee = 0 and g.object ~ '^(FUNCTION|TYPE) ')
    group by 1, 2`,

  'revoked from public': `
    select 'revoked from public', format('FUNCTION %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), 'EXECUTE'
    from pg_proc p join ns n on n.oid = p.pronamespace
    where p.proacl is not null and not exists (select 1 from aclexplode(p.proacl) x where x.grantee = 0)
      and not exists (select 1 from owned o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)`,

  'default grant': `
    select 'default grant', format('%s%s TO %s', case when n.nspname is null then '' else format('IN SCHEMA %I ', n.nspname) end,
             case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS' when 'T' then 'TYPES' else 'SCHEMAS' end,
             case when x.grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(x.grantee)) end),
           string_agg(x.privilege_type, ', ' order by x.privilege_type)
    from pg_default_acl d left join ns n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) x
    where (d.defaclnamespace = 0 or n.oid is not null) and x.grantee <> d.defaclrole group by 1, 2`,

  comment: `
    select 'comment', upper(i.type) || ' ' || i.identity, d.description
    from pg_description d join (
           select 'pg_class'::regclass::oid as classoid, oid as objoid from rel
           union all select 'pg_type'::regclass, t.oid from pg_type t join ns on ns.oid = t.typnamespace
           union all select 'pg_proc'::regclass, p.oid from pg_proc p join ns on ns.oid = p.pronamespace
           union all select 'pg_constraint'::regclass, c.oid from pg_constraint c join ns on ns.oid = c.connamespace
           union all select 'pg_policy'::regclass, p.oid from pg_policy p join rel on rel.oid = p.polrelid
           union all select 'pg_trigger'::regclass, t.oid from pg_trigger t join rel on rel.oid = t.tgrelid
         ) k using (classoid, objoid), lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    where not exists (select 1 from owned o where o.classid = d.classoid and o.objid = d.objoid)`,
} as const;

/** The kinds of objects that a catalog lists. */
export type ObjectKind =
  | keyof typeof PARTS
  | DetailKind
  | 'role membership'
  | 'role power'
  | 'sequence position'
  | 'materialized view'
  | 'procedure'
  | 'aggregate';

const catalogSql = (
  prelude: readonly string[],
  parts: readonly string[],
): string => `with ${prelude.join(',')}
select kind, name, coalesce(definition, '') as definition from (
${parts.join('\nunion all\n')}
) as catalog(kind, name, definition)
order by kind collate "C", name collate "C"`;

/**
 * One statement for the whole catalog. Parameters: schemas to leave out; the schema and the names of
 * the bookkeeping tables.
 */
export const CATALOG_SQL = catalogSql([PRELUDE], Object.values(PARTS));

/** The same with owners, states and settings: see `detail-queries.ts`. */
const DETAILED_SQL = catalogSql(
  [PRELUDE, DETAIL_PRELUDE],
  [...Object.values(PARTS), ...Object.values(DETAIL_PARTS)],
);

/** @param version of the server, as `server_version_num` */
export const detailedSql = (version: number): string =>
  // PostgreSQL 15 is the first to publish whole schemas.
  version < 150000 ? DETAILED_SQL : DETAILED_SQL.replace('/* schemas */', PUBLISHED_SCHEMAS);
