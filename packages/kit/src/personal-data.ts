import { type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from './database.ts';
import { NotFoundError } from './errors.ts';
import { executeRows } from './execute-rows.ts';
import { type PersonalPlan, type PersonalTable, readForeignKeys } from './personal-plan.ts';
import { transaction } from './transaction.ts';

type Schema = Record<string, unknown>;

/** The person's id. */
export interface Person {
  readonly id: string;
  /** The address by which they are known too: rows that name it are theirs. */
  readonly email?: string | undefined;
  /** A column that every table of the plan has, and its value: no other row is looked at. */
  readonly within?: { readonly column: string; readonly value: string } | undefined;
}

const name = (identifier: string) => sql.identifier(identifier);
const is = (table: string, column: string, value: SQL): SQL =>
  sql`${name(table)}.${name(column)} = ${value}`;

/** A person as conditions name them: parameters, or literals where a statement takes none. */
interface Named {
  readonly id: SQL;
  readonly email: SQL | undefined;
  readonly within: { readonly column: string; readonly value: SQL } | undefined;
}
const asParameters = ({ id, email, within }: Person): Named => ({
  id: sql`${id}`,
  email: email === undefined ? undefined : sql`${email}`,
  within: within && { column: within.column, value: sql`${within.value}` },
});
/** Quoted by the server, whose rules they are. */
async function asLiterals<S extends Schema>(
  db: Database<S>,
  { id, email, within }: Person,
): Promise<Named> {
  const [quoted] = await executeRows<{ id: string; email: string; value: string }, S>(
    db,
    sql`select quote_literal(${id}::text) as id, quote_literal(${email ?? ''}::text) as email,
      quote_literal(${within?.value ?? ''}::text) as value`,
  );
  if (!quoted) throw noSuchPerson();
  return {
    id: sql.raw(quoted.id),
    email: email === undefined ? undefined : sql.raw(quoted.email),
    within: within && { column: within.column, value: sql.raw(quoted.value) },
  };
}
const noSuchPerson = () => new NotFoundError('There is no such person.');

/** Keeps a condition to the rows that `within` allows. */
const kept = (table: string, { within }: Named, condition: SQL): SQL =>
  within ? sql`${is(table, within.column, within.value)} and (${condition})` : condition;

/** Some rows of the person, as the database's JSON, without secrets. */
export interface PersonalRows {
  readonly table: string;
  readonly rows: readonly Record<string, unknown>[];
}

const batch = 500;

/**
 * Exports all rows that the plan calls the person's own or keeps in their name, table by table,
 * from one snapshot.
 *
 * @param write takes up to 500 rows at a time, in order; the next ones are read when it has resolved
 * @throws NotFoundError when the plan has a table of persons and the person is not in it
 */
export async function exportPerson<S extends Schema>(
  db: Database<S>,
  plan: PersonalPlan,
  person: Person,
  write: (rows: PersonalRows) => Promise<void>,
): Promise<void> {
  await transaction(
    db,
    async (tx) => {
      const { root } = plan;
      const named = await asLiterals(tx, person);
      const conditions = await conditionsOf(tx, plan, named);
      if (root) {
        const isPerson = kept(root.table, named, is(root.table, root.key, named.id));
        const found = await executeRows(tx, sql`select from ${name(root.table)} where ${isPerson}`);
        if (found.length === 0) throw noSuchPerson();
        await writeRows(tx, root.table, isPerson, root.secret ?? [], write);
      }
      for (const [table, { secret = [] }] of Object.entries(plan.tables)) {
        const condition = conditions.get(table);
        if (condition) await writeRows(tx, table, kept(table, named, condition), secret, write);
      }
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function writeRows<S extends Schema>(
  tx: Transaction<S>,
  table: string,
  condition: SQL,
  secret: readonly string[],
  write: (rows: PersonalRows) => Promise<void>,
): Promise<void> {
  // DECLARE takes no parameters; the columns' names are the plan's.
  const left = sql.raw(`array[${secret.map((column) => `'${column}'`).join(', ')}]::text[]`);
  await tx.execute(
    sql`declare personal_rows no scroll cursor for select to_jsonb(${name(table)}) - ${left} as row from ${name(table)} where ${condition}`,
  );
  for (;;) {
    const found = await executeRows<{ row: Record<string, unknown> }, S>(
      tx,
      sql.raw(`fetch ${batch} from personal_rows`),
    );
    const rows = found.map(({ row }) => row);
    if (rows.length > 0) await write({ table, rows });
    if (rows.length < batch) break;
  }
  await tx.execute(sql`close personal_rows`);
}

/** For each table of the plan the condition that a row is the person's. */
async function conditionsOf<S extends Schema>(
  db: Database<S>,
  plan: PersonalPlan,
  person: Named,
): Promise<Map<string, SQL>> {
  const links = await readLinks(db);
  const made = new Map<string, SQL>();
  const conditionOf = (table: string, seen: readonly string[]): SQL | undefined => {
    const entry = plan.tables[table];
    const known = made.get(table);
    if (!entry || known) return known;
    const own = ownRows(table, entry, person);
    for (const parent of entry.through ?? []) {
      if (seen.includes(parent)) continue;
      const above = conditionOf(parent, [...seen, table]);
      for (const { on } of links.filter((link) => link.table === table && link.parent === parent)) {
        if (above)
          own.push(sql`exists (select from ${name(parent)} where ${sql.raw(on)} and ${above})`);
      }
    }
    if (own.length === 0) return undefined;
    const condition = sql`(${sql.join(own, sql` or `)})`;
    made.set(table, condition);
    return condition;
  };
  for (const table of Object.keys(plan.tables)) conditionOf(table, []);
  return made;
}

/** How child rows find their parent row, of every foreign key. */
const readLinks = <S extends Schema>(db: Database<S>) =>
  executeRows<{ table: string; parent: string; on: string }, S>(
    db,
    sql`
    select child.relname as table, parent.relname as parent,
      (select string_agg(format('%I.%I = %I.%I', parent.relname, b.attname, child.relname, a.attname), ' and ')
        from unnest(con.conkey, con.confkey) as pair (own, other)
        join pg_attribute a on a.attrelid = con.conrelid and a.attnum = pair.own
        join pg_attribute b on b.attrelid = con.confrelid and b.attnum = pair.other) as on
    from pg_constraint con
    join pg_class child on child.oid = con.conrelid
    join pg_class parent on parent.oid = con.confrelid
    where con.contype = 'f' and con.conrelid <> con.confrelid`,
  );

/** The conditions under which a row is the person's by its own columns. */
function ownRows(table: string, entry: PersonalTable, { id, email }: Named): SQL[] {
  const { columns = {}, emails = [], mentions = [] } = entry;
  const byId = Object.entries(columns).flatMap(([column, rule]) =>
    rule === 'unlink' ? [] : [is(table, column, id)],
  );
  const byAddress = email
    ? emails.map((column) => sql`lower(${name(table)}.${name(column)}) = lower(${email})`)
    : [];
  const byMention = mentions.map(
    (column) => sql`strpos(${name(table)}.${name(column)}::text, ${id}) > 0`,
  );
  return [...byId, ...byAddress, ...byMention];
}

/**
 * Erases a person: rows that must be kept get the pseudonym and lose what the plan forgets, then
 * all their other rows are deleted. All or nothing. The person's own row is locked first, so a
 * concurrent write that refers to it waits, and is refused once the row is gone.
 *
 * @param params.pseudonym replaces their id in kept rows; if these have a foreign key to the
 *   persons, the caller first inserts a row with this key and no personal data, in this transaction
 * @returns how many rows were kept, and how many were deleted by a rule and not by cascade
 * @throws NotFoundError when the plan has a table of persons and the person is not in it
 */
export async function erasePerson<S extends Schema>(
  tx: Transaction<S>,
  plan: PersonalPlan,
  params: { readonly person: Person; readonly pseudonym: string },
): Promise<{ readonly kept: number; readonly deleted: number }> {
  const { person, pseudonym } = params;
  const { root } = plan;
  const named = asParameters(person);
  const isPerson = root && kept(root.table, named, is(root.table, root.key, named.id));
  if (root) {
    const found = await executeRows(
      tx,
      sql`select from ${name(root.table)} where ${isPerson} for update`,
    );
    if (found.length === 0) throw noSuchPerson();
  }
  const keys = await readForeignKeys(tx, root?.key);
  let renamed = 0;
  let deleted = 0;
  for (const [table, entry] of Object.entries(plan.tables)) {
    for (const [column, rule] of Object.entries(entry.columns ?? {})) {
      if (typeof rule !== 'object') continue;
      const changes = [sql`${name(column)} = ${pseudonym}`];
      for (const forgotten of rule.keep.forget ?? []) changes.push(sql`${name(forgotten)} = null`);
      const names = kept(table, named, is(table, column, named.id));
      renamed += await countOf(
        tx,
        sql`update ${name(table)} set ${sql.join(changes, sql`, `)} where ${names} returning 1`,
      );
    }
  }
  for (const [table, entry] of Object.entries(plan.tables)) {
    const byRule = { ...entry, columns: uncascaded(table, entry) };
    const own = ownRows(table, byRule, named);
    if (own.length === 0) continue;
    const theirs = kept(table, named, sql.join(own, sql` or `));
    deleted += await countOf(tx, sql`delete from ${name(table)} where ${theirs} returning 1`);
  }
  if (root) await tx.execute(sql`delete from ${name(root.table)} where ${isPerson}`);
  return { kept: renamed, deleted };

  /** Rows to delete that no cascade deletes with the person. */
  function uncascaded(table: string, { columns = {} }: PersonalTable) {
    return Object.fromEntries(
      Object.entries(columns).filter(
        ([column, rule]) =>
          rule === 'delete' &&
          !keys.some(
            (key) =>
              key.table === table &&
              key.column === column &&
              key.parent === root?.table &&
              key.onDelete === 'c',
          ),
      ),
    );
  }
}

const countOf = async <S extends Schema>(tx: Transaction<S>, statement: SQL): Promise<number> => {
  const [row] = await executeRows<{ rows: number }, S>(
    tx,
    sql`with done as (${statement}) select count(*)::int as rows from done`,
  );
  return row?.rows ?? 0;
};
