import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { executeRows } from './execute-rows.ts';

type Schema = Record<string, unknown>;

/** The treatment of rows whose column refers to the person. */
export type PersonalRule =
  /** The row is the person's own, and goes. */
  | 'delete'
  /** The row is somebody else's and only names the person; the foreign key sets the column null. */
  | 'unlink'
  /**
   * The row must be kept: the column gets the pseudonym, and `forget` becomes null. `stays` names the
   * texts that tell nothing of the person.
   */
  | { readonly keep: { readonly forget?: readonly string[]; readonly stays?: readonly string[] } };

/** How one table holds data of persons. */
export interface PersonalTable {
  /** By the column that names the person by id, with a foreign key or without. */
  readonly columns?: Readonly<Record<string, PersonalRule>>;
  /** Columns that hold the person's e-mail address: their rows go. */
  readonly emails?: readonly string[];
  /** Text or JSON columns in which the person's id may stand among other things: their rows go. */
  readonly mentions?: readonly string[];
  /** Tables from which the deletion of the person's rows cascades to this one. */
  readonly through?: readonly string[];
  /** Columns that are not exported: secrets, and values computed from other columns. */
  readonly secret?: readonly string[];
}

interface PersonalRoot {
  readonly table: string;
  readonly key: string;
  readonly secret?: readonly string[];
}

/** A database's data about persons, and the effect of erasing one. A test compares it with the catalog. */
export interface PersonalPlan {
  /**
   * The table of persons, and the column of its key that other tables name. Left out if the persons
   * are in another database and this one's columns hold their ids.
   */
  readonly root?: PersonalRoot;
  readonly tables: Readonly<Record<string, PersonalTable>>;
  /** `table.column`s without a foreign key that look as if they named a person, and do not. */
  readonly harmless?: readonly string[];
}

interface CatalogKey {
  readonly [column: string]: unknown;
  readonly table: string;
  readonly parent: string;
  /** The column that refers to the parent's `key`; null when it refers to others. */
  readonly column: string | null;
  readonly onDelete: 'a' | 'r' | 'c' | 'n' | 'd';
}

/** Every foreign key of the schemas that are not the server's own. */
export const readForeignKeys = <S extends Schema>(db: Database<S>, key = '') =>
  executeRows<CatalogKey, S>(
    db,
    sql`
    select child.relname as table, parent.relname as parent, con.confdeltype as "onDelete",
      (select a.attname from unnest(con.conkey, con.confkey) as pair (own, other)
        join pg_attribute a on a.attrelid = con.conrelid and a.attnum = pair.own
        join pg_attribute b on b.attrelid = con.confrelid and b.attnum = pair.other
        where b.attname = ${key} limit 1) as column
    from pg_constraint con
    join pg_class child on child.oid = con.conrelid and not child.relispartition
    join pg_class parent on parent.oid = con.confrelid
    where con.contype = 'f' order by 1, 2, 4`,
  );

interface CatalogColumn {
  readonly [column: string]: unknown;
  readonly table: string;
  readonly column: string;
  readonly isNullable: boolean;
  readonly looksPersonal: boolean;
}

/** A name that columns which lead to a person have, in either spelling. */
const personal =
  '(user|actor|author|owner|sender|member|creator)_?ids?$|(^|_)(e_?mail|recipient)|(Email)$|(created|invited|granted|requested|replaced|uploaded|blocked)_?by$';

const readColumns = <S extends Schema>(db: Database<S>) =>
  executeRows<CatalogColumn, S>(
    db,
    sql`
    select c.relname as table, a.attname as column, not a.attnotnull as "isNullable",
      a.attname ~* ${personal} and format_type(a.atttypid, null) in ('text', 'uuid', 'character varying', 'citext') as "looksPersonal"
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
    order by 1, 2`,
  );

/**
 * Compares a plan with the database's catalog.
 *
 * @returns a sentence for each table that reaches the persons and is in no plan, each column that
 *   leads to a person and has no rule, and each rule that the foreign keys contradict; empty when
 *   it holds
 */
export async function checkPersonalPlan<S extends Schema>(
  db: Database<S>,
  plan: PersonalPlan,
): Promise<string[]> {
  const { root } = plan;
  const keys = await readForeignKeys(db, root?.key);
  const columns = await readColumns(db);
  const problems: string[] = [];
  const harmless = new Set(plan.harmless);
  const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));

  for (const [table, reached] of reaching(startsOf(plan), keys)) {
    if (!plan.tables[table]) problems.push(`${table} reaches ${reached} and is in no plan.`);
  }
  for (const { table, parent, column, onDelete } of keys) {
    if (parent !== root?.table || table === root.table || !column) continue;
    const rule = plan.tables[table]?.columns?.[column];
    if (!rule) problems.push(`${table}.${column} names a person and has no rule.`);
    if (rule === 'unlink' && onDelete !== 'n') {
      problems.push(`${table}.${column} is to be unlinked, and its foreign key does not set null.`);
    }
  }
  for (const { table, column, looksPersonal } of columns) {
    if (!looksPersonal || table === root?.table || harmless.has(`${table}.${column}`)) continue;
    const { columns: rules, emails = [] } = plan.tables[table] ?? {};
    if (!rules?.[column] && !emails.includes(column)) {
      problems.push(`${table}.${column} looks as if it named a person and has no rule.`);
    }
  }
  for (const [table, entry] of Object.entries(plan.tables)) {
    const named = [
      ...Object.keys(entry.columns ?? {}),
      ...(entry.emails ?? []),
      ...(entry.mentions ?? []),
      ...(entry.secret ?? []),
      ...forgottenBy(entry),
    ];
    for (const column of named) {
      if (!known.has(`${table}.${column}`)) problems.push(`${table}.${column} does not exist.`);
    }
    for (const column of forgottenBy(entry)) {
      const found = columns.find((one) => one.table === table && one.column === column);
      if (found && !found.isNullable) {
        problems.push(`${table}.${column} is to be forgotten and cannot be null.`);
      }
    }
    for (const parent of entry.through ?? []) {
      const goes = keys.some(
        (one) => one.table === table && one.parent === parent && one.onDelete === 'c',
      );
      if (!goes) problems.push(`${table} does not go with the rows of ${parent}.`);
    }
    const isReached = entry.columns || entry.emails || entry.mentions || entry.through;
    if (!isReached) problems.push(`${table} has no rule.`);
  }
  return problems;
}

/** The tables whose own rows name a person; rows that refer to these are the person's too. */
function startsOf({ root, tables }: PersonalPlan): string[] {
  if (root) return [root.table];
  return Object.keys(tables).filter((table) => tables[table]?.columns);
}

/** The tables that lead to others by foreign keys, over any number of them, and to which. */
function reaching(starts: readonly string[], keys: readonly CatalogKey[]): [string, string][] {
  const found = new Map(starts.map((table) => [table, table]));
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const { table, parent } of keys) {
      const reached = found.get(parent);
      if (reached !== undefined && !found.has(table)) found.set(table, reached);
    }
  }
  return [...found]
    .filter(([table]) => !starts.includes(table))
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The columns that the rules of a table set null. */
export const forgottenBy = ({ columns = {} }: PersonalTable): string[] =>
  Object.values(columns).flatMap((rule) =>
    typeof rule === 'object' ? (rule.keep.forget ?? []) : [],
  );
