/** Runs a statement: a client of postgres.js. */
export interface Sql {
  unsafe(statement: string): PromiseLike<readonly Record<string, unknown>[]>;
}

/** A table's columns that refer to persons; the shape of a plan of `@reference/kit/personal-plan`. */
interface PersonalTableLike {
  readonly columns?: Readonly<
    Record<string, string | { readonly keep: { readonly stays?: readonly string[] } }>
  >;
  readonly emails?: readonly string[];
  readonly mentions?: readonly string[];
  readonly through?: readonly string[];
}
interface PersonalPlanLike {
  readonly root?: { readonly table: string; readonly key: string };
  readonly tables: Readonly<Record<string, PersonalTableLike>>;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly label: string | null;
  /** Part of the primary key. */
  readonly isKey: boolean;
}
interface Reference {
  readonly parent: string;
  readonly own: readonly string[];
  readonly other: readonly string[];
  readonly isNullable: boolean;
}
interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
}
type Row = Readonly<Record<string, string>>;

/** A person who is in every table, and the texts that reveal any trace of them. */
export interface FilledPerson {
  readonly id: string;
  readonly email: string;
  /** In every text and JSON value of theirs; the number is the first of every vector. */
  readonly canary: string;
  readonly canaryNumber: string;
}

const canary = 'xqcanaryqx';
const canaryNumber = '0.61803';

/**
 * Inserts rows of two persons into every table of a database: one row that is entirely the
 * person's, and one for each further column that may name them by the plan. It first drops checks,
 * unique keys and the tables' own triggers, because made-up values violate them; it restores the
 * triggers at the end, and the caller drops the database.
 *
 * @param given values by `table.column`, if a made-up text is not enough, such as for a generated
 *   column that casts
 */
export async function fillTables(
  sql: Sql,
  plan: PersonalPlanLike,
  given: Row = {},
): Promise<FilledPerson> {
  const tables = personsFirst(await readTables(sql), plan.root?.table);
  for (const { name } of tables) await takeChecksOff(sql, name);
  const other = new Filler(sql, plan, given, '');
  for (const table of tables) await other.add(table);
  const person = new Filler(sql, plan, given, canary);
  for (const table of tables) {
    await person.add(table, {}, holdsOwn(plan, table.name) ? canary : '');
  }
  const { id } = person;
  for (const table of tables) {
    const named = Object.entries(plan.tables[table.name]?.columns ?? {});
    if (named.length < 2) continue;
    for (const [column, rule] of named) {
      // In another user's row, only the person's id is theirs.
      await other.add(table, { [column]: id }, rule === 'unlink' ? '' : canary);
    }
  }
  for (const { name } of tables) await sql.unsafe(`alter table "${name}" enable trigger user`);
  return { id, email: `${canary}@example.com`, canary, canaryNumber };
}

/** True if a table has rows that are the person's own and do not only name them. */
function holdsOwn({ root, tables }: PersonalPlanLike, name: string): boolean {
  if (name === root?.table) return true;
  const { columns = {}, emails = [], mentions = [], through = [] } = tables[name] ?? {};
  const isOwn = Object.values(columns).some((rule) => rule !== 'unlink');
  return isOwn || emails.length + mentions.length + through.length > 0;
}

/**
 * Puts the persons and the tables they refer to first, because a column without a foreign key may
 * name them too.
 */
function personsFirst(tables: readonly Table[], root: string | undefined): Table[] {
  const needed = new Set(root === undefined ? [] : [root]);
  for (const { name, references } of tables.toReversed()) {
    if (needed.has(name)) for (const { parent } of references) needed.add(parent);
  }
  return [
    ...tables.filter(({ name }) => needed.has(name)),
    ...tables.filter(({ name }) => !needed.has(name)),
  ];
}

class Filler {
  readonly #rows = new Map<string, Row>();
  readonly #sql: Sql;
  readonly #plan: PersonalPlanLike;
  readonly #given: Row;
  readonly #mark: string;
  static #counter = 0;

  constructor(sql: Sql, plan: PersonalPlanLike, given: Row, mark: string) {
    this.#sql = sql;
    this.#plan = plan;
    this.#given = given;
    this.#mark = mark;
  }

  /** The person's id in the table of persons; made up without one. */
  get id(): string {
    const { root } = this.#plan;
    if (!root) return `${this.#mark || 'other'}-person`;
    return this.#rows.get(root.table)?.[root.key] ?? '';
  }

  /** True for a row's own key, and for columns that the plan leaves in kept rows. */
  #tellsNothing({ name }: Table, column: Column): boolean {
    if (column.isKey && name !== this.#plan.root?.table) return true;
    return Object.values(this.#plan.tables[name]?.columns ?? {}).some(
      (rule) => typeof rule === 'object' && rule.keep.stays?.includes(column.name),
    );
  }

  async add(table: Table, fixed: Row = {}, mark = this.#mark): Promise<void> {
    const values = new Map<string, string>();
    const personal = this.#plan.tables[table.name];
    for (const { parent, own, other, isNullable } of table.references) {
      const row = this.#rows.get(parent);
      if (!row) {
        if (isNullable) continue;
        throw new Error(`${table.name} refers to ${parent}, which has no row yet.`);
      }
      for (const [at, column] of own.entries()) values.set(column, row[other[at] ?? ''] ?? '');
    }
    for (const column of table.columns) {
      if (values.has(column.name) || isReference(table, column.name)) continue;
      const tellsNothing = this.#tellsNothing(table, column);
      const given = this.#given[`${table.name}.${column.name}`];
      const made = madeUp(column, tellsNothing ? '' : mark, ++Filler.#counter);
      values.set(column.name, given ?? made);
    }
    if (table.name !== this.#plan.root?.table) {
      const { id } = this;
      for (const column of Object.keys(personal?.columns ?? {})) values.set(column, id);
      for (const column of personal?.emails ?? []) values.set(column, addressOf(mark));
      for (const column of personal?.mentions ?? []) {
        const isJson = table.columns.find(({ name }) => name === column)?.type === 'jsonb';
        const text = mark === '' ? 'nobody' : `${mark} ${id}`;
        values.set(column, isJson ? JSON.stringify({ of: text }) : `${text} ${++Filler.#counter}`);
      }
    } else if (mark !== '' && table.columns.some(({ name }) => name === 'email')) {
      values.set('email', addressOf(mark));
    }
    for (const [column, value] of Object.entries(fixed)) values.set(column, value);
    const columns = [...values.keys()];
    const [row] = await this.#sql.unsafe(
      `with made as (insert into "${table.name}" (${columns.map((name) => `"${name}"`).join(', ')})
        values (${columns.map((name) => quoted(values.get(name) ?? '')).join(', ')}) returning *)
        select to_jsonb(made) as row from made`,
    );
    if (Object.keys(fixed).length === 0) this.#rows.set(table.name, textsOf(row?.row));
  }
}

const isReference = ({ references }: Table, column: string) =>
  references.some(({ own }) => own.includes(column));
const addressOf = (mark: string) => (mark === '' ? 'other@example.com' : `${mark}@example.com`);
const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
const textsOf = (row: unknown): Row =>
  Object.fromEntries(
    Object.entries(Object(row)).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );

function madeUp({ type, label, name }: Column, mark: string, n: number): string {
  if (label !== null) return label;
  if (type.endsWith('[]'))
    return /int|numeric|double|real/.test(type) ? `{${n}}` : `{"${mark}${n}"}`;
  const length = Number(/\((\d+)\)/.exec(type)?.[1] ?? 0);
  if (type.startsWith('vector') || type.startsWith('halfvec')) {
    const first = mark === '' ? '0.5' : canaryNumber;
    return `[${[first, ...new Array<string>(Math.max(length - 1, 0)).fill('0.1')].join(',')}]`;
  }
  if (type === 'jsonb' || type === 'json') return JSON.stringify({ of: `${mark}${n}` });
  if (type === 'uuid') return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  if (type === 'boolean') return 'false';
  if (type === 'date' || type.startsWith('timestamp')) return '2026-01-02 03:04:05+00';
  // Small enough for the first partition of a table that numbers them.
  if (type === 'smallint') return '0';
  if (/int|numeric|double|real/.test(type)) return String(n % 1000);
  if (type === 'bytea') return `\\x${Buffer.from(`${mark}${n}`).toString('hex')}`;
  if (type === 'inet') return '192.0.2.1';
  if (type === 'interval') return '1 day';
  const text = `${mark}${name.toLowerCase()}${n}`;
  return length > 0 ? text.slice(0, length) : text;
}

async function takeChecksOff(sql: Sql, table: string): Promise<void> {
  await sql.unsafe(`alter table "${table}" disable trigger user`);
  const checks = await sql.unsafe(
    `select conname from pg_constraint where conrelid = '"${table}"'::regclass and contype = 'c'`,
  );
  for (const { conname } of checks) {
    await sql.unsafe(`alter table "${table}" drop constraint "${String(conname)}"`);
  }
  // Dropped, because two rows that name the same other person may be equal, and an expression may
  // fail on a made-up value. Referenced keys stay.
  const uniques = await sql.unsafe(
    `select i.indexrelid::regclass::text as name,
        exists (select from pg_constraint where conindid = i.indexrelid and contype = 'u') as "isConstraint"
      from pg_index i where i.indrelid = '"${table}"'::regclass and not i.indisprimary
        and (i.indisunique or i.indexprs is not null)
        and not exists (select from pg_constraint where conindid = i.indexrelid and contype = 'f')`,
  );
  for (const { name, isConstraint } of uniques) {
    await sql.unsafe(
      isConstraint
        ? `alter table "${table}" drop constraint ${String(name)}`
        : `drop index ${String(name)}`,
    );
  }
}

/** The tables, each after those that it refers to. */
async function readTables(sql: Sql): Promise<Table[]> {
  const columns = await sql.unsafe(`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      (select enumlabel from pg_enum where enumtypid = a.atttypid order by enumsortorder limit 1) as label,
      exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as "isKey"
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
    order by 1, a.attnum`);
  const references = await sql.unsafe(`
    select child.relname as "table", parent.relname as parent,
      array_agg(a.attname::text order by at) as own, array_agg(b.attname::text order by at) as other,
      bool_or(not a.attnotnull) as "isNullable"
    from pg_constraint con
    join pg_class child on child.oid = con.conrelid and not child.relispartition
    join pg_class parent on parent.oid = con.confrelid
    cross join unnest(con.conkey, con.confkey) with ordinality as pair (own, other, at)
    join pg_attribute a on a.attrelid = con.conrelid and a.attnum = pair.own
    join pg_attribute b on b.attrelid = con.confrelid and b.attnum = pair.other
    where con.contype = 'f' and child.relnamespace = 'public'::regnamespace
    group by con.oid, 1, 2 order by con.oid`);
  const waiting = new Map<string, Table>();
  for (const { table } of columns) {
    const name = String(table);
    if (waiting.has(name)) continue;
    waiting.set(name, {
      name,
      columns: columns.flatMap((one) =>
        one.table === table
          ? [
              {
                name: String(one.name),
                type: String(one.type),
                label: one.label === null ? null : String(one.label),
                isKey: one.isKey === true,
              },
            ]
          : [],
      ),
      references: references.flatMap((one) =>
        one.table === table && Array.isArray(one.own) && Array.isArray(one.other)
          ? [
              {
                parent: String(one.parent),
                own: one.own.map(String),
                other: one.other.map(String),
                isNullable: one.isNullable === true,
              },
            ]
          : [],
      ),
    });
  }
  const ordered: Table[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ name, references }) =>
      references.every(
        ({ parent, isNullable }) => parent === name || isNullable || !waiting.has(parent),
      ),
    );
    if (ready.length === 0)
      throw new Error(`These tables refer to one another: ${[...waiting.keys()].join(', ')}.`);
    // Tables without any reference come first, so that nullable references are filled too.
    const free = ready.filter(({ name, references }) =>
      references.every(({ parent }) => parent === name || !waiting.has(parent)),
    );
    for (const table of free.length > 0 ? free : ready.slice(0, 1)) {
      ordered.push(table);
      waiting.delete(table.name);
    }
  }
  return ordered;
}
