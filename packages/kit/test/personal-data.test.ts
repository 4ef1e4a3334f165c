import { sql as raw } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotFoundError } from '../src/errors.ts';
import { executeRows } from '../src/execute-rows.ts';
import { erasePerson, exportPerson } from '../src/personal-data.ts';
import { checkPersonalPlan, type PersonalPlan } from '../src/personal-plan.ts';
import { transaction } from '../src/transaction.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

// Tables as your project may have them, and the plan for them.
const tables = [
  'create table sample_accounts (id text primary key, email text not null, password text not null)',
  'create table sample_letters (id int primary key, author_id text not null references sample_accounts (id) on delete cascade, body text)',
  'create table sample_letter_lines (letter_id int not null references sample_letters (id) on delete cascade, line text)',
  'create table sample_invoices (id int primary key, user_id text not null references sample_accounts (id), address text, cents int)',
  'create table sample_boards (id int primary key, created_by text references sample_accounts (id) on delete set null)',
  'create table sample_invitations (id int primary key, email text not null)',
];
const plan: PersonalPlan = {
  root: { table: 'sample_accounts', key: 'id', secret: ['password'] },
  tables: {
    sample_letters: { columns: { author_id: 'delete' } },
    sample_letter_lines: { through: ['sample_letters'] },
    sample_invoices: { columns: { user_id: { keep: { forget: ['address'] } } } },
    sample_boards: { columns: { created_by: 'unlink' } },
    sample_invitations: { emails: ['email'] },
  },
};

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  for (const table of tables) await database.db.execute(raw.raw(table));
});
afterAll(() => database?.close());

async function addPerson(id: string, n: number): Promise<void> {
  const { sql } = database;
  const email = `${id}@example.com`;
  await sql`insert into sample_accounts values (${id}, ${email}, 'hash of a password')`;
  await sql`insert into sample_letters values (${n}, ${id}, 'a letter')`;
  await sql`insert into sample_letter_lines values (${n}, 'a line')`;
  await sql`insert into sample_invoices values (${n}, ${id}, 'a street', 900)`;
  await sql`insert into sample_boards values (${n}, ${id})`;
  await sql`insert into sample_invitations values (${n}, ${email.toUpperCase()})`;
}

async function exported(id: string): Promise<Record<string, readonly Record<string, unknown>[]>> {
  const found: Record<string, readonly Record<string, unknown>[]> = {};
  const person = { id, email: `${id}@example.com` };
  await exportPerson(database.db, plan, person, async ({ table, rows }) => {
    found[table] = rows;
  });
  return found;
}

/** The problems with the tables above: the database may have others. */
const problemsOf = async (checked: PersonalPlan) =>
  (await checkPersonalPlan(database.db, checked)).filter((problem) => /^sample_/.test(problem));

test('the plan covers the tables; one that is not in it is named, and a wrong rule', async () => {
  const { sql } = database;
  expect(await problemsOf(plan)).toEqual([]);
  await sql`create table sample_diaries (id int, owner_id text references sample_accounts (id) on delete cascade)`;
  expect(await problemsOf(plan)).toEqual([
    'sample_diaries reaches sample_accounts and is in no plan.',
    'sample_diaries.owner_id names a person and has no rule.',
    'sample_diaries.owner_id looks as if it named a person and has no rule.',
  ]);
  const wrong: PersonalPlan = {
    ...plan,
    tables: { ...plan.tables, sample_diaries: { columns: { owner_id: 'unlink' } } },
  };
  expect(await problemsOf(wrong)).toEqual([
    'sample_diaries.owner_id is to be unlinked, and its foreign key does not set null.',
  ]);
  await sql`drop table sample_diaries`;
});

test('an export has the person’s rows, nobody else’s, and no secret', async () => {
  await addPerson('ada', 1);
  await addPerson('zoe', 2);
  expect(await exported('ada')).toEqual({
    sample_accounts: [{ id: 'ada', email: 'ada@example.com' }],
    sample_letters: [{ id: 1, author_id: 'ada', body: 'a letter' }],
    sample_letter_lines: [{ letter_id: 1, line: 'a line' }],
    sample_invoices: [{ id: 1, user_id: 'ada', address: 'a street', cents: 900 }],
    sample_invitations: [{ id: 1, email: 'ADA@EXAMPLE.COM' }],
  });
  await expect(exported('nobody')).rejects.toThrow(NotFoundError);
});

test('an erased person is gone but for what must be kept, under a pseudonym; others lose nothing', async () => {
  const { db, sql } = database;
  await addPerson('eve', 3);
  await addPerson('max', 4);
  const erased = await transaction(db, async (tx) => {
    await tx.execute(raw`insert into sample_accounts values ('p1', 'p1@erased.invalid', '')`);
    const person = { id: 'eve', email: 'eve@example.com' };
    return erasePerson(tx, plan, { person, pseudonym: 'p1' });
  });
  expect(erased).toEqual({ kept: 1, deleted: 1 });
  expect(await sql`select user_id, address, cents from sample_invoices where id = 3`).toEqual([
    { user_id: 'p1', address: null, cents: 900 },
  ]);
  expect(await sql`select created_by from sample_boards where id = 3`).toEqual([
    { created_by: null },
  ]);
  for (const table of ['sample_letters', 'sample_letter_lines', 'sample_invitations']) {
    const [row] = await executeRows<{ left: number }>(
      db,
      raw.raw(
        `select count(*)::int as left from ${table} t where t::text like '%3,%' or t::text ilike '%eve%'`,
      ),
    );
    expect([table, row?.left]).toEqual([table, 0]);
  }
  expect(Object.keys(await exported('max'))).toHaveLength(5);
  const again = transaction(db, (tx) =>
    erasePerson(tx, plan, { person: { id: 'eve' }, pseudonym: 'p1' }),
  );
  await expect(again).rejects.toThrow(NotFoundError);
});
