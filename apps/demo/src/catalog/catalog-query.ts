/**
 * The tables of the public schema with all that hangs on them, as one JSON value in one statement.
 * Partitions are counted with their parent and not listed: they repeat it.
 */
export const catalogQuery = `
with wanted as (
  select c.oid, c.relname, c.relkind, c.reltuples, c.relrowsecurity, c.relforcerowsecurity
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
)
select coalesce(json_agg(json_build_object(
  'name', t.relname,
  'comment', obj_description(t.oid, 'pg_class'),
  'rowEstimate', case when t.relkind = 'p'
    then (select sum(nullif(part.reltuples, -1)) from pg_inherits i join pg_class part on part.oid = i.inhrelid where i.inhparent = t.oid)
    else nullif(t.reltuples, -1) end,
  'bytes', (select coalesce(sum(pg_total_relation_size(i.inhrelid)), 0) from pg_inherits i where i.inhparent = t.oid)
    + pg_total_relation_size(t.oid),
  'partitionedBy', case when t.relkind = 'p' then pg_get_partkeydef(t.oid) end,
  'partitions', (select count(*) from pg_inherits i where i.inhparent = t.oid),
  'rowSecurity', case when t.relforcerowsecurity and t.relrowsecurity then 'forced' when t.relrowsecurity then 'enabled' else 'off' end,
  'columns', (
    select json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull,
      'default', pg_get_expr(d.adbin, d.adrelid),
      'generated', a.attgenerated <> '',
      'comment', col_description(t.oid, a.attnum)
    ) order by a.attnum)
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  ),
  'constraints', coalesce((
    select json_agg(json_build_object(
      'name', k.conname,
      'kind', k.contype,
      'definition', pg_get_constraintdef(k.oid),
      'columns', (
        select coalesce(json_agg(a.attname order by key.place), '[]')
        from unnest(k.conkey) with ordinality as key (number, place)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = key.number
      ),
      'foreignTable', foreigner.relname,
      'foreignColumns', (
        select coalesce(json_agg(a.attname order by key.place), '[]')
        from unnest(k.confkey) with ordinality as key (number, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = key.number
      ),
      'onDelete', case k.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'r' then 'restrict' when 'd' then 'set default' when 'a' then 'no action' end
    ) order by array_position('{p,u,f,c,x,t}', k.contype::text), k.conname)
    from pg_constraint k
    left join pg_class foreigner on foreigner.oid = k.confrelid
    where k.conrelid = t.oid and k.contype <> 'n' and k.conparentid = 0
  ), '[]'),
  'indexes', coalesce((
    select json_agg(json_build_object(
      'name', i.relname,
      'definition', pg_get_indexdef(x.indexrelid),
      'method', m.amname,
      'unique', x.indisunique,
      'primary', x.indisprimary,
      'valid', x.indisvalid,
      'partial', x.indpred is not null,
      'bytes', (select coalesce(sum(pg_relation_size(part.inhrelid)), 0) from pg_inherits part where part.inhparent = x.indexrelid)
        + pg_relation_size(x.indexrelid)
    ) order by x.indisprimary desc, i.relname)
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_am m on m.oid = i.relam
    where x.indrelid = t.oid
  ), '[]'),
  'policies', coalesce((
    select json_agg(json_build_object(
      'name', p.polname,
      'command', case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end,
      'permissive', p.polpermissive,
      'roles', (select coalesce(json_agg(r.rolname order by r.rolname), '["public"]') from pg_roles r where r.oid = any (p.polroles)),
      'using', pg_get_expr(p.polqual, p.polrelid),
      'check', pg_get_expr(p.polwithcheck, p.polrelid)
    ) order by p.polname)
    from pg_policy p where p.polrelid = t.oid
  ), '[]'),
  'triggers', coalesce((
    select json_agg(json_build_object('name', g.tgname, 'definition', pg_get_triggerdef(g.oid)) order by g.tgname)
    from pg_trigger g where g.tgrelid = t.oid and not g.tgisinternal
  ), '[]')
) order by t.relname), '[]') as tables
from wanted t`;
