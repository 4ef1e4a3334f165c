/**
 * Details that a comparison of a live database reads besides the schema: owners, revoked rights,
 * disabled objects, settings of the planner and comments. They are apart because a dump leaves them
 * out.
 *
 * The common table expressions are those of `queries.ts`. The migrating role has another name in
 * every database; the query recognises it as the owner of the bookkeeping tables.
 */
export const DETAIL_PRELUDE = `
  migrator as materialized (
    select coalesce(
      (select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = $2 and c.relname = any ($3) and c.relkind = 'r' order by c.relname limit 1),
      (select relowner from rel group by relowner order by count(*) desc, relowner limit 1)) as role),
  role as materialized (
    select r.oid, case when r.oid = m.role then '(the migrating role)' else quote_ident(r.rolname) end as name
    from pg_roles r, migrator m
    union all select 0, 'PUBLIC'),
  routine as materialized (
    select p.*, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name
    from pg_proc p join ns n on n.oid = p.pronamespace
    where not exists (select 1 from owned o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)),
  own_type as materialized (
    select t.*, format('%I.%I', n.nspname, t.typname) as name
    from pg_type t join ns n on n.oid = t.typnamespace
    where t.typtype in ('e', 'd', 'r') and not exists (select 1 from owned o where o.classid = 'pg_type'::regclass and o.objid = t.oid)),
  own_schema as materialized (
    select s.*, quote_ident(s.nspname) as name from pg_namespace s join ns on ns.oid = s.oid
    where s.nspname <> $2 or exists (select 1 from rel where rel.relnamespace = s.oid)),
  acl as materialized (
    select name, relowner as owner, relacl as granted, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner) as standard
    from rel where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all select name, proowner, proacl, acldefault('f', proowner) from routine
    union all select name, typowner, typacl, acldefault('T', typowner) from own_type
    union all select name, nspowner, nspacl, acldefault('n', nspowner) from own_schema),
  object_acl as materialized (
    select 'LANGUAGE ' || quote_ident(lanname) as name, lanacl as acl, acldefault('l', lanowner) as standard from pg_language
    union all select 'SERVER ' || quote_ident(srvname), srvacl, acldefault('S', srvowner) from pg_foreign_server
    union all select 'FOREIGN DATA WRAPPER ' || quote_ident(fdwname), fdwacl, acldefault('F', fdwowner) from pg_foreign_data_wrapper)`;

const unowned = (catalog: string, alias: string) =>
  `not exists (select 1 from owned o where o.classid = '${catalog}'::regclass and o.objid = ${alias}.oid)`;

/** Stands in place of the comment in `publication`. */
export const PUBLISHED_SCHEMAS = `
  (select 'FOR TABLES IN SCHEMA ' || string_agg(quote_ident(n.nspname), ', ' order by n.nspname)
   from pg_publication_namespace s join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid),`;

export const DETAIL_PARTS = {
  owner: `
    -- Who owns the database owns its schema public, by name or as pg_database_owner.
    select 'owner', o.name, case when o.name = 'public' and role.name in ('pg_database_owner', '(the migrating role)') then '(the owner of the database)' else role.name end from (
      select name, relowner as owner from rel where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
      union all select name, proowner from routine
      union all select name, typowner from own_type
      union all select name, nspowner from own_schema
      union all select quote_ident(evtname), evtowner from pg_event_trigger e where ${unowned('pg_event_trigger', 'e')}
      union all select quote_ident(pubname), pubowner from pg_publication
      union all select 'SERVER ' || quote_ident(srvname), srvowner from pg_foreign_server s where ${unowned('pg_foreign_server', 's')}
      union all select 'FOREIGN DATA WRAPPER ' || quote_ident(fdwname), fdwowner from pg_foreign_data_wrapper w where ${unowned('pg_foreign_data_wrapper', 'w')}
      union all select format('COLLATION %I.%I', n.nspname, c.collname), c.collowner from pg_collation c join ns n on n.oid = c.collnamespace where ${unowned('pg_collation', 'c')}
      union all select format('CONVERSION %I.%I', n.nspname, c.conname), c.conowner from pg_conversion c join ns n on n.oid = c.connamespace where ${unowned('pg_conversion', 'c')}
      union all select format('OPERATOR %I.%s(%s, %s)', n.nspname, p.oprname, format_type(p.oprleft, null), format_type(p.oprright, null)), p.oprowner
        from pg_operator p join ns n on n.oid = p.oprnamespace where ${unowned('pg_operator', 'p')}
      union all select format('STATISTICS %I.%I', n.nspname, s.stxname), s.stxowner from pg_statistic_ext s join ns n on n.oid = s.stxnamespace
      union all select format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, c.cfgname), c.cfgowner from pg_ts_config c join ns n on n.oid = c.cfgnamespace where ${unowned('pg_ts_config', 'c')}
      union all select format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, d.dictname), d.dictowner from pg_ts_dict d join ns n on n.oid = d.dictnamespace where ${unowned('pg_ts_dict', 'd')}
    ) o join role on role.oid = o.owner
    union all
    -- A scratch database belongs to the role that migrates; an operator's superuser may own the live one.
    select 'owner', 'DATABASE', case when r.rolsuper or d.datdba = m.role then '(the migrating role, or a superuser)' else quote_ident(r.rolname) end
    from pg_database d join pg_roles r on r.oid = d.datdba, migrator m where d.datname = current_database()`,

  'owner rights': `
    select 'owner rights', a.name, 'without ' || string_agg(x.privilege_type, ', ' order by x.privilege_type)
    from acl a, aclexplode(a.standard) x
    where a.granted is not null and x.grantee = a.owner
      and not exists (select 1 from aclexplode(a.granted) y where y.grantee = a.owner and y.privilege_type = x.privilege_type)
    group by a.name`,

  'public rights': `
    select 'public rights', 'TYPE ' || t.name, 'without USAGE' from own_type t
    where t.typacl is not null and not exists (select 1 from aclexplode(t.typacl) x where x.grantee = 0)
    union all
    select 'public rights', 'SCHEMA ' || s.name, string_agg(x.privilege_type, ', ' order by x.privilege_type)
    from own_schema s, aclexplode(s.nspacl) x where x.grantee = 0 group by s.name`,

  'default rights': `
    select 'default rights',
           format('%s%s of %s', case when n.nspname is null then '' else format('IN SCHEMA %I ', n.nspname) end,
             case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS' when 'T' then 'TYPES' else 'SCHEMAS' end, owner.name),
           coalesce((select string_agg(format('%s TO %s', x.privilege_type, role.name), ', ' order by role.name, x.privilege_type)
                     from aclexplode(d.defaclacl) x join role on role.oid = x.grantee), 'none')
    from pg_default_acl d left join ns n on n.oid = d.defaclnamespace join role owner on owner.oid = d.defaclrole
    where d.defaclnamespace = 0 or n.oid is not null`,

  'database rights': `
    select 'database rights', role.name, string_agg(x.privilege_type, ', ' order by x.privilege_type)
    from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x join role on role.oid = x.grantee
    where d.datname = current_database() and x.grantee <> d.datdba group by role.name`,

  setting: `
    select 'setting', format('%s of the database', split_part(entry, '=', 1)), substr(entry, strpos(entry, '=') + 1)
    from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) entry
    where d.datname = current_database() and s.setrole = 0`,

  publication: `
    select 'publication', quote_ident(p.pubname),
           concat_ws(' ', case when p.puballtables then 'FOR ALL TABLES' end,
             (select 'FOR TABLE ' || string_agg(concat_ws(' ', t.prrelid::regclass,
                (select '(' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_attribute a
                 where a.attrelid = t.prrelid and to_jsonb(t) -> 'prattrs' @> to_jsonb(a.attnum)),
                (select 'WHERE ' || (to_jsonb(v) ->> 'rowfilter') from pg_publication_tables v
                 where v.pubname = p.pubname and format('%I.%I', v.schemaname, v.tablename)::regclass = t.prrelid)), ', ' order by t.prrelid::regclass::text)
              from pg_publication_rel t where t.prpubid = p.oid),
             /* schemas */
             format('(insert %s, update %s, delete %s, truncate %s, via root %s)', p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot))
    from pg_publication p`,

  subscription: `
    -- Without its connection, which holds a password.
    select 'subscription', quote_ident(s.subname),
           format('to %s, %s, slot %s', array_to_string(s.subpublications, ', '), case when s.subenabled then 'enabled' else 'disabled' end, coalesce(s.subslotname, 'none'))
    from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()`,

  'foreign data wrapper': `
    select 'foreign data wrapper', quote_ident(w.fdwname),
           format('handler %s, validator %s, options %s', w.fdwhandler::regproc, w.fdwvalidator::regproc, coalesce(array_to_string(w.fdwoptions, ', '), 'none'))
    from pg_foreign_data_wrapper w where ${unowned('pg_foreign_data_wrapper', 'w')}`,

  'foreign server': `
    select 'foreign server', quote_ident(s.srvname),
           format('of %s, type %s, version %s, options %s', w.fdwname, coalesce(s.srvtype, 'none'), coalesce(s.srvversion, 'none'), coalesce(array_to_string(s.srvoptions, ', '), 'none'))
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where ${unowned('pg_foreign_server', 's')}`,

  'user mapping': `
    -- The names of its options alone: one of them is the password.
    select 'user mapping', format('%s ON %I', role.name, u.srvname),
           coalesce((select string_agg(split_part(entry, '=', 1), ', ' order by entry) from unnest(u.umoptions) entry), '')
    from pg_user_mappings u join role on role.oid = u.umuser`,

  'foreign options': `
    select 'foreign options', r.name, format('%I: %s', s.srvname, coalesce(array_to_string(f.ftoptions, ', '), 'none'))
    from rel r join pg_foreign_table f on f.ftrelid = r.oid join pg_foreign_server s on s.oid = f.ftserver
    union all
    select 'foreign options', format('%s.%I', r.name, a.attname), array_to_string(a.attfdwoptions, ', ')
    from rel r join pg_attribute a on a.attrelid = r.oid where r.relkind = 'f' and a.attfdwoptions is not null`,

  'security label': `
    select 'security label', upper(i.type) || ' ' || i.identity, format('%s: %s', l.provider, l.label)
    from pg_seclabel l, lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) i`,

  'object rights': `
    -- By what PostgreSQL gives without being asked: what was granted, and what was taken.
    select 'object rights', format('%s TO %s', coalesce(given.name, standard.name), role.name),
           case when given.name is null then 'without ' || standard.rights else given.rights end
    from (select o.name, x.grantee, string_agg(x.privilege_type, ', ' order by x.privilege_type) as rights
          from object_acl o, aclexplode(o.acl) x group by 1, 2) given
    full join (select o.name, x.grantee, string_agg(x.privilege_type, ', ' order by x.privilege_type) as rights
          from object_acl o, aclexplode(o.standard) x where o.acl is not null group by 1, 2) standard using (name, grantee)
    join role on role.oid = grantee
    where given.rights is distinct from standard.rights`,

  'base type': `
    select 'base type', format('%I.%I', n.nspname, t.typname),
           format('length %s, input %s, output %s', t.typlen, t.typinput, t.typoutput)
    from pg_type t join ns n on n.oid = t.typnamespace
    where t.typtype in ('b', 'p') and t.typcategory <> 'A' and ${unowned('pg_type', 't')}`,

  'table state': `
    select 'table state', r.name, 'OF ' || format_type(r.reloftype, null) from rel r where r.reloftype <> 0`,

  conversion: `
    select 'conversion', format('%I.%I', n.nspname, c.conname),
           format('%s to %s by %s%s', pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc, case when c.condefault then ', default' else '' end)
    from pg_conversion c join ns n on n.oid = c.connamespace where ${unowned('pg_conversion', 'c')}`,

  transform: `
    select 'transform', format('%s FOR %I', format_type(t.trftype, null), l.lanname), format('from SQL %s, to SQL %s', t.trffromsql, t.trftosql)
    from pg_transform t join pg_language l on l.oid = t.trflang where ${unowned('pg_transform', 't')}`,

  language: `
    select 'language', quote_ident(l.lanname), format('handler %s%s', l.lanplcallfoid::regproc, case when l.lanpltrusted then ', trusted' else '' end)
    from pg_language l where l.oid >= 16384 and ${unowned('pg_language', 'l')}`,

  'access method': `
    select 'access method', quote_ident(a.amname), format('%s, handler %s', a.amtype, a.amhandler)
    from pg_am a where a.oid >= 16384 and ${unowned('pg_am', 'a')}`,

  'operator family': `
    -- A family of an operator class's own is described with the class.
    select 'operator family', format('%I.%I using %s', n.nspname, f.opfname, am.amname),
           coalesce((select string_agg(format('%s %s', m.amopstrategy, m.amopopr::regoperator), ', ' order by m.amopstrategy, m.amopopr::regoperator::text) from pg_amop m where m.amopfamily = f.oid), 'empty')
    from pg_opfamily f join ns n on n.oid = f.opfnamespace join pg_am am on am.oid = f.opfmethod
    where ${unowned('pg_opfamily', 'f')} and not exists (select 1 from pg_opclass c where c.opcfamily = f.oid and c.opcname = f.opfname)`,

  'statistics setting': `
    select 'statistics setting', format('%I.%I', n.nspname, s.stxname), 'statistics ' || s.stxstattarget
    from pg_statistic_ext s join ns n on n.oid = s.stxnamespace where s.stxstattarget >= 0`,

  'constraint state': `
    select 'constraint state', format('%s.%I', r.name, c.conname), 'not enforced: its triggers are disabled'
    from pg_constraint c join tab r on r.oid = c.conrelid
    where c.contype = 'f' and exists (select 1 from pg_trigger t where t.tgconstraint = c.oid and t.tgenabled = 'D')`,

  'rule state': `
    select 'rule state', format('%s.%I', r.name, w.rulename),
           case w.ev_enabled when 'D' then 'disabled' when 'R' then 'on a replica only' else 'always' end
    from pg_rewrite w join rel r on r.oid = w.ev_class where w.ev_enabled <> 'O'`,

  'event trigger state': `
    select 'event trigger state', quote_ident(e.evtname),
           concat_ws(', ', case e.evtenabled when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'on a replica only' else 'always' end,
             'tags ' || array_to_string(e.evttags, ' '))
    from pg_event_trigger e where ${unowned('pg_event_trigger', 'e')}`,

  'function rights': `
    select 'function rights', r.name, concat_ws(', ', case when r.prosecdef then 'runs as its owner' end, case when r.proleakproof then 'leakproof' end)
    from routine r where r.prosecdef or r.proleakproof`,

  'extension state': `
    select 'extension state', quote_ident(e.extname), format('version %s in schema %I', e.extversion, n.nspname)
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql'`,

  identity: `
    select 'identity', format('%s.%I', d.refobjid::regclass, a.attname),
           format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', format_type(s.seqtypid, null),
                  s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' CYCLE' else '' end)
    from rel r join pg_sequence s on s.seqrelid = r.oid
    join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i'
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid`,

  'sequence state': `
    select 'sequence state', r.name, 'unlogged' from rel r
    where r.relkind = 'S' and r.relpersistence = 'u'`,

  'view state': `
    select 'view state', r.name, 'not populated' from rel r where r.relkind = 'm' and not r.relispopulated
    union all
    select 'view state', format('%s.%I', r.name, a.attname), 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
    from rel r join pg_attribute a on a.attrelid = r.oid join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    where r.relkind = 'v'`,

  collation: `
    select 'collation', format('%I.%I', n.nspname, c.collname),
           (to_jsonb(c) - 'oid' - 'collname' - 'collnamespace' - 'collowner' - 'collversion')::text
    from pg_collation c join ns n on n.oid = c.collnamespace where ${unowned('pg_collation', 'c')}`,

  'aggregate state': `
    select 'aggregate state', r.name,
           format('%s over %s, final %s, initial %s, combined by %s, sorted by %s', a.aggtransfn::regprocedure, format_type(a.aggtranstype, null), a.aggfinalfn::regproc, coalesce(a.agginitval, 'null'), a.aggcombinefn::regproc, a.aggsortop::regoper)
             || case when a.aggmtransfn <> 0 then format(', moving %s and %s over %s, final %s', a.aggmtransfn::regproc, a.aggminvtransfn::regproc, format_type(a.aggmtranstype, null), a.aggmfinalfn::regproc) else '' end
    from pg_aggregate a join routine r on r.oid = a.aggfnoid`,

  operator: `
    select 'operator', format('%I.%s(%s, %s)', n.nspname, p.oprname, format_type(p.oprleft, null), format_type(p.oprright, null)),
           format('%s, commutator %s, negator %s, restrict %s, join %s, hashes %s, merges %s', p.oprcode, p.oprcom::regoper, p.oprnegate::regoper, p.oprrest, p.oprjoin, p.oprcanhash, p.oprcanmerge)
    from pg_operator p join ns n on n.oid = p.oprnamespace where ${unowned('pg_operator', 'p')}`,

  'operator class': `
    select 'operator class', format('%I.%I using %s', n.nspname, c.opcname, am.amname),
           format('%sfor %s: %s; %s', case when c.opcdefault then 'default ' else '' end, format_type(c.opcintype, null),
             (select string_agg(format('%s %s', m.amopstrategy, m.amopopr::regoperator), ', ' order by m.amopstrategy, m.amopopr::regoperator::text) from pg_amop m where m.amopfamily = c.opcfamily),
             (select string_agg(format('%s %s', m.amprocnum, m.amproc::regprocedure), ', ' order by m.amprocnum, m.amproc::regprocedure::text) from pg_amproc m where m.amprocfamily = c.opcfamily))
    from pg_opclass c join ns n on n.oid = c.opcnamespace join pg_am am on am.oid = c.opcmethod where ${unowned('pg_opclass', 'c')}`,

  cast: `
    select 'cast', format('%s AS %s', format_type(c.castsource, null), format_type(c.casttarget, null)),
           format('%s, context %s, method %s', c.castfunc::regproc, c.castcontext, c.castmethod)
    from pg_cast c where c.oid >= 16384 and ${unowned('pg_cast', 'c')}`,

  'text search': `
    select 'text search', 'CONFIGURATION ' || format('%I.%I', n.nspname, c.cfgname),
           format('parser %s: %s', (select p.prsname from pg_ts_parser p where p.oid = c.cfgparser),
             (select string_agg(format('%s %s', m.maptokentype, m.mapdict::regdictionary), ', ' order by m.maptokentype, m.mapseqno) from pg_ts_config_map m where m.mapcfg = c.oid))
    from pg_ts_config c join ns n on n.oid = c.cfgnamespace where ${unowned('pg_ts_config', 'c')}
    union all
    select 'text search', 'DICTIONARY ' || format('%I.%I', n.nspname, d.dictname), d.dictinitoption
    from pg_ts_dict d join ns n on n.oid = d.dictnamespace where ${unowned('pg_ts_dict', 'd')}
    union all
    select 'text search', 'TEMPLATE ' || format('%I.%I', n.nspname, t.tmplname), format('init %s, lexize %s', t.tmplinit, t.tmpllexize)
    from pg_ts_template t join ns n on n.oid = t.tmplnamespace where ${unowned('pg_ts_template', 't')}
    union all
    select 'text search', 'PARSER ' || format('%I.%I', n.nspname, p.prsname), format('%s, %s, %s, %s', p.prsstart, p.prstoken, p.prsend, p.prslextype)
    from pg_ts_parser p join ns n on n.oid = p.prsnamespace where ${unowned('pg_ts_parser', 'p')}`,

  'column setting': `
    select 'column setting', format('%s.%I', r.name, a.attname),
           concat_ws(', ', case a.attcompression when 'p' then 'compression pglz' when 'l' then 'compression lz4' end,
             case when a.attstattarget >= 0 then 'statistics ' || a.attstattarget end, (select string_agg(entry, ', ' order by entry) from unnest(a.attoptions) entry where entry like 'n\\_distinct%'))
    from rel r join pg_attribute a on a.attrelid = r.oid
    where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'f', 'm', 'i', 'I')
      and (a.attcompression <> '' or a.attstattarget >= 0 or exists (select 1 from unnest(a.attoptions) entry where entry like 'n\\_distinct%'))`,

  'table setting': `
    select 'table setting', r.name, concat_ws(', ', 'TOAST ' || array_to_string(t.reloptions, ', '),
             'clustered on ' || (select i.indexrelid::regclass::text from pg_index i where i.indrelid = r.oid and i.indisclustered))
    from rel r left join pg_class t on t.oid = r.reltoastrelid
    where t.reloptions is not null or exists (select 1 from pg_index i where i.indrelid = r.oid and i.indisclustered)`,

  comment: `
    select 'comment', upper(i.type) || ' ' || i.identity, d.description
    from pg_description d join (
           select 'pg_namespace'::regclass::oid as classoid, oid as objoid from own_schema
           union all select 'pg_extension'::regclass, oid from pg_extension where extname <> 'plpgsql'
           union all select 'pg_rewrite'::regclass, w.oid from pg_rewrite w join rel on rel.oid = w.ev_class
           union all select 'pg_event_trigger'::regclass, oid from pg_event_trigger
           union all select 'pg_publication'::regclass, oid from pg_publication
           union all select 'pg_statistic_ext'::regclass, s.oid from pg_statistic_ext s join ns on ns.oid = s.stxnamespace
           union all select 'pg_collation'::regclass, c.oid from pg_collation c join ns on ns.oid = c.collnamespace
           union all select 'pg_operator'::regclass, p.oid from pg_operator p join ns on ns.oid = p.oprnamespace
           union all select 'pg_cast'::regclass, c.oid from pg_cast c where c.oid >= 16384
           union all select 'pg_foreign_server'::regclass, oid from pg_foreign_server
           union all select 'pg_foreign_data_wrapper'::regclass, oid from pg_foreign_data_wrapper
           union all select 'pg_ts_config'::regclass, c.oid from pg_ts_config c join ns on ns.oid = c.cfgnamespace
           union all select 'pg_ts_dict'::regclass, d.oid from pg_ts_dict d join ns on ns.oid = d.dictnamespace
           union all select 'pg_subscription'::regclass, s.oid from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()
         ) k using (classoid, objoid), lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) i
    where i.identity <> 'public' or d.description <> 'standard public schema'
    union all
    select 'comment', 'DATABASE', s.description from pg_shdescription s join pg_database d on d.oid = s.objoid
    where s.classoid = 'pg_database'::regclass and d.datname = current_database()`,
} as const;

export type DetailKind = keyof typeof DETAIL_PARTS;
