import type { Session } from '../run/session.ts';

/** An object that keeps its identity when it is renamed or moved. */
export interface Identity {
  readonly key: string;
  /** Its name in ALTER. */
  readonly kind: string;
  readonly schema: string;
  /** Quoted and qualified: the object itself, or the table that it is a part of. */
  readonly on: string;
  /** Quoted, unqualified. */
  readonly name: string;
}

/** In the order in which renames must be undone: schemas first, parts of tables last. */
const IDENTITIES = `
  select 'n' || n.oid as key, 'SCHEMA' as kind, '' as schema, quote_ident(nspname) as "on", quote_ident(nspname) as name, 0 as rank
  from pg_namespace n where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all
  select 'c' || c.oid, case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'S' then 'SEQUENCE' when 'i' then 'INDEX' when 'I' then 'INDEX' when 'f' then 'FOREIGN TABLE' when 'c' then 'TYPE' else 'TABLE' end,
         quote_ident(n.nspname), format('%I.%I', n.nspname, c.relname), quote_ident(c.relname), case when c.relkind in ('i', 'I') then 4 else 1 end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'drizzle') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c', 'i', 'I')
    -- An index of a constraint is renamed with it.
    and not exists (select 1 from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
  union all
  select 't' || t.oid, case t.typtype when 'd' then 'DOMAIN' else 'TYPE' end, quote_ident(n.nspname), format('%I.%I', n.nspname, t.typname), quote_ident(t.typname), 1
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  where t.typtype in ('e', 'd', 'r') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  union all
  select 'p' || p.oid, case p.prokind when 'p' then 'PROCEDURE' when 'a' then 'AGGREGATE' else 'FUNCTION' end, quote_ident(n.nspname),
         format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), quote_ident(p.proname), 1
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  union all
  select 'a' || a.attrelid || '.' || a.attnum, 'COLUMN', '', a.attrelid::regclass::text, quote_ident(a.attname), 2
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'drizzle')
  union all
  select 'k' || k.oid, 'CONSTRAINT', '', k.conrelid::regclass::text, quote_ident(k.conname), 3
  from pg_constraint k join pg_namespace n on n.oid = k.connamespace
  where k.conrelid <> 0 and k.contype in ('c', 'f', 'p', 'u', 'x') and k.conislocal and k.conparentid = 0 and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'drizzle')
  union all
  select 'g' || t.oid, 'TRIGGER', '', t.tgrelid::regclass::text, quote_ident(t.tgname), 3 from pg_trigger t where not t.tgisinternal and t.tgparentid = 0
  union all
  select 'y' || p.oid, 'POLICY', '', p.polrelid::regclass::text, quote_ident(p.polname), 3 from pg_policy p
  order by rank, key`;

/** Everything that can be renamed. The session's search_path must be empty. */
export const identitiesOf = (session: Session): Promise<Identity[]> =>
  session.rows<Identity>(IDENTITIES);

const PARTS = new Set(['COLUMN', 'CONSTRAINT']);

const renameSql = ({ kind, on, name }: Identity, to: string): string => {
  if (PARTS.has(kind)) return `ALTER TABLE ${on} RENAME ${kind} ${name} TO ${to};`;
  if (kind === 'TRIGGER' || kind === 'POLICY')
    return `ALTER ${kind} ${name} ON ${on} RENAME TO ${to};`;
  return `ALTER ${kind} ${on} RENAME TO ${to};`;
};

/** The first rename or move to undo, as SQL; undefined if there is none. */
export const nextRename = (
  before: readonly Identity[],
  now: readonly Identity[],
  tried: ReadonlySet<string>,
): string | undefined => {
  const old = new Map(before.map((identity) => [identity.key, identity]));
  for (const identity of now) {
    const former = old.get(identity.key);
    if (!former) continue;
    const found =
      former.schema !== identity.schema
        ? `ALTER ${identity.kind} ${identity.on} SET SCHEMA ${former.schema};`
        : former.name === identity.name
          ? undefined
          : renameSql(identity, former.name);
    if (found !== undefined && !tried.has(found)) return found;
  }
  return undefined;
};
