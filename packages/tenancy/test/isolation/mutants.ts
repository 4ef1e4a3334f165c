import type { Sql, TenantTable } from './scene.ts';

/** A way to break the schema. */
export interface Mutant {
  readonly name: string;
  readonly sql: string;
  /** The table it is about; none when it is about all. */
  readonly table?: string;
}

const current = `nullif(current_setting('app.tenant_id', true), '')::uuid`;

/** Each table's policy, row security, FORCE and grants: dropped, weakened, widened. */
function mutantsOf({ name, key }: TenantTable): Mutant[] {
  const policy = `${name}_tenant_isolation`;
  const remake = (rest: string) =>
    `drop policy ${policy} on ${name}; create policy ${policy} on ${name} ${rest}`;
  const own = `${key} = ${current}`;
  const variants: Record<string, string> = {
    'policy dropped': `drop policy ${policy} on ${name}`,
    'policy and row security dropped': `drop policy ${policy} on ${name}; alter table ${name} disable row level security`,
    'row security disabled': `alter table ${name} disable row level security`,
    'FORCE lifted': `alter table ${name} no force row level security`,
    'USING (true)': `alter policy ${policy} on ${name} using (true)`,
    'WITH CHECK (true)': `alter policy ${policy} on ${name} with check (true)`,
    'no setting shows everything': `alter policy ${policy} on ${name} using (${current} is null or ${own})`,
    'no setting writes everything': `alter policy ${policy} on ${name} with check (${current} is null or ${own})`,
    'a session user with the right name shows everything': `alter policy ${policy} on ${name} using (current_user <> 'nobody' or ${own})`,
    'for select only, others open': `${remake(`for select to tenancy_app using (${own})`)}; create policy ${name}_writes on ${name} to tenancy_app using (true) with check (true)`,
    'update open': `create policy ${name}_update on ${name} for update to tenancy_app using (true) with check (${own})`,
    'delete open': `create policy ${name}_delete on ${name} for delete to tenancy_app using (true)`,
    'a second, permissive policy': `create policy ${name}_more on ${name} to public using (true)`,
    'policy for everyone': `alter policy ${policy} on ${name} to public`,
    'by a subquery': `alter policy ${policy} on ${name} using (${key} = (select ${current}))`,
    'TRUNCATE granted': `grant truncate on ${name} to tenancy_app`,
    'REFERENCES granted': `grant references on ${name} to tenancy_app`,
    'TRIGGER granted': `grant trigger on ${name} to tenancy_app`,
    'SELECT granted to all': `grant select on ${name} to public`,
    'a column granted to all': `grant select (${key}) on ${name} to public`,
    'SELECT revoked': `revoke select on ${name} from tenancy_app`,
    'owned by tenancy_app': `alter table ${name} owner to tenancy_app`,
    'a definer’s view': `create view ${name}_all as select ${key} from ${name}; grant select on ${name}_all to tenancy_app`,
  };
  return Object.entries(variants).map(([what, sql]) => ({
    name: `${name}: ${what}`,
    sql,
    table: name,
  }));
}

/** Each key that carries the tenant, without it. */
async function keyMutants(sql: Sql): Promise<Mutant[]> {
  const foreign = await sql<{ child: string; name: string; column: string; parent: string }[]>`
    select f.conrelid::regclass::text as child, f.conname as name, a.attname as column,
      f.confrelid::regclass::text as parent
    from pg_constraint f
    join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any(f.conkey) and a.attname <> 'tenant_id'
    where f.contype = 'f' and f.conparentid = 0 and f.connamespace = 'public'::regnamespace`;
  const owning = await sql<{ child: string; name: string }[]>`
    select conrelid::regclass::text as child, conname as name from pg_constraint
    where contype = 'f' and conparentid = 0 and confrelid = 'tenants'::regclass`;
  const unique = await sql<{ table: string; name: string; definition: string }[]>`
    select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as name,
      pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indrelid
    where i.indisunique and not c.relispartition and c.relkind = 'r' and c.relname <> 'tenants'
      and c.relnamespace = 'public'::regnamespace`;
  return [
    ...foreign.map(({ child, name, column, parent }) => ({
      table: child,
      name: `${child}: foreign key ${name} without the tenant`,
      sql: `alter table ${parent} add constraint ${parent}_alone unique (id);
        alter table ${child} drop constraint ${name};
        alter table ${child} add constraint ${name} foreign key (${column}) references ${parent} (id) on delete cascade`,
    })),
    ...[...foreign, ...owning].map(({ child, name }) => ({
      table: child,
      name: `${child}: foreign key ${name} dropped`,
      sql: `alter table ${child} drop constraint ${name}`,
    })),
    ...unique.map(({ table, name, definition }) => ({
      table,
      name: `${table}: ${name} without the tenant`,
      sql: definition
        .replace(/UNIQUE INDEX \S+/, `UNIQUE INDEX ${name}_alone`)
        .replace('(tenant_id, ', '('),
    })),
  ];
}

/** Mutants of objects beside the tables. */
const others: readonly Mutant[] = [
  {
    name: 'a new table without row security',
    sql: `create table notes (tenant_id uuid not null references tenants (id), id uuid not null, created_at timestamptz,
        primary key (tenant_id, id));
      grant select, insert, update, delete on notes to tenancy_app;
      insert into notes select id, gen_random_uuid() from tenants`,
  },
  {
    name: 'a new table without a tenant',
    sql: 'create table plans (id uuid primary key, created_at timestamptz)',
  },
  {
    name: 'tenants: slug unique by itself, free of the id',
    sql: `alter table tenants drop constraint tenants_id_of_slug; create unique index tenants_slug_key on tenants (slug)`,
  },
  { name: 'a partition granted', sql: 'grant select on document_chunks_p00 to tenancy_app' },
  {
    name: 'a partition without row security',
    sql: 'alter table document_chunks_p07 disable row level security',
  },
  {
    name: 'a partition without FORCE',
    sql: 'alter table document_chunks_p07 no force row level security',
  },
  {
    name: 'a new partitioned table’s partition left open',
    sql: 'create policy peep on document_chunks_p03 using (true)',
  },
  {
    name: 'a materialized view',
    sql: 'create materialized view titles as select tenant_id, title from documents',
  },
  {
    name: 'a security-definer function',
    sql: `create function every_title() returns setof text language sql security definer
      as 'select title from documents'`,
  },
  {
    name: 'tenancy_app may create in the schema',
    sql: 'grant create on schema public to tenancy_app',
  },
  { name: 'a sequence', sql: 'create sequence counter' },
  {
    name: 'a rule',
    sql: 'create rule peep as on update to users do also notify peep',
  },
];

export async function mutants(sql: Sql, tables: readonly TenantTable[]): Promise<Mutant[]> {
  return [...tables.flatMap(mutantsOf), ...(await keyMutants(sql)), ...others];
}
