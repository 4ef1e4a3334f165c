import { capabilities } from '@reference/local-postgres';
import { and, asc, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Database,
  InvalidInputError,
  type Placeholders,
  prepared,
  runReplanned,
  transaction,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { notes, people, samples, type schema } from './schema.ts';

type Db = Database<typeof schema>;

let built = 0;
const notesOf = prepared(
  (db: Db, p: Placeholders<{ personId: number; before: Date; limit: number }>) => {
    built++;
    return db
      .select({ id: notes.id, seenAt: notes.seenAt, person: { email: people.email } })
      .from(notes)
      .innerJoin(people, eq(people.id, notes.personId))
      .where(and(eq(notes.personId, p.personId), lt(notes.seenAt, p.before)))
      .orderBy(asc(notes.id))
      .limit(p.limit);
  },
);
const personWithNotes = prepared((db: Db, p: Placeholders<{ id: number }>) =>
  db.query.people.findFirst({
    columns: { id: true },
    with: { notes: { columns: { id: true, seenAt: true } } },
    where: eq(people.id, p.id),
  }),
);
const addBalance = prepared((db: Db, p: Placeholders<{ id: number; amount: number }>) =>
  db
    .update(people)
    .set({ balance: sql`${people.balance} + ${p.amount}` })
    .where(eq(people.id, p.id))
    .returning({ balance: people.balance }),
);
const replanned = prepared(
  (db: Database<typeof schema>, p: Placeholders<{ id: number }>) =>
    db.select({ id: people.id }).from(people).where(eq(people.id, p.id)),
  { replan: true },
);
const peopleAmong = prepared((db: Db, p: Placeholders<{ ids: number[] }>) =>
  db
    .select({ id: people.id })
    .from(people)
    .where(sql`${people.id} = any(${p.ids})`)
    .orderBy(people.id),
);

let database: OpenDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await database.db.insert(people).values([
    { id: 1, email: 'ada@example.com' },
    { id: 2, email: 'bob@example.com' },
  ]);
  await database.db.insert(notes).values([
    { id: 1, personId: 1, body: 'a', seenAt: new Date('2026-01-01T00:00:00.000Z') },
    { id: 2, personId: 1, body: 'b', seenAt: new Date('2026-01-01T00:00:00.001Z') },
  ]);
});
afterAll(() => database.close());

it('binds dates and limits, decodes rows with their types, and is built once', async () => {
  for (const limit of [1, 2]) {
    const rows: { id: number; seenAt: Date | null; person: { email: string } }[] = await notesOf(
      database.db,
      { personId: 1, before: new Date('2026-01-01T00:00:00.001Z'), limit },
    );
    expect(rows).toEqual([
      { id: 1, seenAt: new Date('2026-01-01T00:00:00.000Z'), person: { email: 'ada@example.com' } },
    ]);
  }
  expect(built).toBe(1);
});

it('runs inside a transaction, and sees what it wrote', async () => {
  await transaction(database.db, async (tx) => {
    expect(await addBalance(tx, { id: 1, amount: 5 })).toEqual([{ balance: 5 }]);
    expect(await addBalance(tx, { id: 1, amount: 5 })).toEqual([{ balance: 10 }]);
    await tx.transaction(async (savepoint) => {
      expect(await addBalance(savepoint, { id: 1, amount: -10 })).toEqual([{ balance: 0 }]);
    });
  });
});

it('reads relations and binds arrays', async () => {
  expect(await personWithNotes(database.db, { id: 2 })).toEqual({ id: 2, notes: [] });
  const ada = await personWithNotes(database.db, { id: 1 });
  expect(ada?.notes[1]).toEqual({ id: 2, seenAt: new Date('2026-01-01T00:00:00.001Z') });
  expect(await peopleAmong(database.db, { ids: [2, 3] })).toEqual([{ id: 2 }]);
  expect(await peopleAmong(database.db, { ids: [] })).toEqual([]);
});

describe('a placeholder written several times', () => {
  it('is one parameter, also when columns and raw SQL name it', () => {
    const id = sql.placeholder('id');
    const named = or(
      eq(people.id, id),
      eq(notes.personId, id),
      sql`${id} = ${1}`,
      lt(notes.id, id),
    );
    const { sql: text, params } = database.db
      .select({ id: notes.id })
      .from(notes)
      .where(named)
      .toSQL();
    expect(text).toContain('"id" = $1 or "notes"."person_id" = $1 or $1 = $2 or "notes"."id" < $1');
    expect(params).toHaveLength(2);
  });

  it('is two where a column sends another value for it', async () => {
    const store = prepared((db: Db, p: Placeholders<{ value: string }>) =>
      db
        .insert(samples)
        .values({ id: 1, data: p.value, title: p.value, tags: sql`array[${p.value}]` })
        .returning({ data: samples.data, title: samples.title, tags: samples.tags }),
    );
    expect(await store(database.db, { value: 'x' })).toEqual([
      { data: 'x', title: 'x', tags: ['x'] },
    ]);
    const value = sql.placeholder('value');
    const { params } = database.db
      .insert(samples)
      .values({ id: 1, data: value, title: value })
      .toSQL();
    expect(params).toHaveLength(3);
  });

  it('has its value everywhere, in any order among others', async () => {
    const part = fc.oneof(
      fc.constantFrom('a', 'b', 'c').map((name) => ({ name })),
      fc.string({ maxLength: 3 }).map((text) => ({ text: text.replaceAll('\0', '') })),
    );
    const values = { a: 'x', b: "y'$1", c: '' };
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
        const written = parts.map(
          (one): SQL =>
            'name' in one ? sql`${sql.placeholder(one.name)}::text` : sql`${one.text}::text`,
        );
        const run = prepared((db: Db) =>
          db.execute(sql`select array[${sql.join(written, sql`, `)}] as texts`),
        );
        const [row] = await run(database.db, values);
        const expected = parts.map((one) =>
          'name' in one ? values[one.name as keyof typeof values] : one.text,
        );
        expect(row).toEqual({ texts: expected });
      }),
      { numRuns: 50 },
    );
  });
});

it('refuses an undefined parameter before it reaches the driver', async () => {
  const missing: Partial<{ id: number; amount: number }> = { id: 1 };
  await expect(addBalance(database.db, missing as { id: number; amount: number })).rejects.toThrow(
    InvalidInputError,
  );
});

describe.skipIf(!capabilities.concurrency)('on the server', () => {
  it('is one prepared statement for all its calls', async () => {
    const client = database.connect({ max: 1 });
    for (const id of [1, 2, 1]) await personWithNotes(client.db, { id });
    await transaction(client.db, (tx) => personWithNotes(tx, { id: 1 }));
    const [row] = await client.sql`
      select count(*)::int as statements, sum(generic_plans + custom_plans)::int as calls
      from pg_prepared_statements where statement like 'select "people"%'`;
    expect(row).toEqual({ statements: 1, calls: 4 });
    await client.close();
  });

  it('is not kept where it is to be planned for the values of each call', async () => {
    const client = database.connect({ max: 1 });
    for (const id of [1, 2, 1]) expect(await replanned(client.db, { id })).toEqual([{ id }]);
    const once = sql`select "id" from ${people} where "id" = ${2}`;
    expect([...(await runReplanned(client.db, once))]).toEqual([{ id: 2 }]);
    expect([...(await transaction(client.db, (tx) => runReplanned(tx, once)))]).toEqual([
      { id: 2 },
    ]);
    const [row] = await client.sql`
      select count(*)::int as statements from pg_prepared_statements where name <> '' and statement like 'select "id"%'`;
    expect(row).toEqual({ statements: 0 });
    await client.close();
  });
});
