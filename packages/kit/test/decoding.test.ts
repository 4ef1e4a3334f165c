import { capabilities } from '@reference/local-postgres';
import { eq, relations, sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  customType,
  date,
  doublePrecision,
  foreignKey,
  getTableConfig,
  inet,
  integer,
  interval,
  json,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  real,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  copyRows,
  createClient,
  insertChunked,
  instant,
  pooledRoleSettings,
  upsertRows,
} from '../src/index.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const money = customType<{ data: string }>({ dataType: () => 'money' });
const xml = customType<{ data: string }>({ dataType: () => 'xml' });
const mood = pgEnum('mood', ['calm', 'wild; "quoted"']);

/** Every type that a package of this workspace has a column of, and their arrays. */
const kinds = {
  tiny: smallint('tiny'),
  whole: integer('whole'),
  big: bigint('big', { mode: 'bigint' }),
  safe: bigint('safe', { mode: 'number' }),
  amount: numeric('amount'),
  float: doublePrecision('float'),
  single: real('single'),
  flag: boolean('flag'),
  note: text('note'),
  short: varchar('short', { length: 20 }),
  fixed: char('fixed', { length: 4 }),
  key: uuid('key'),
  mood: mood('mood'),
  data: jsonb('data').$type<unknown>(),
  raw: json('raw').$type<unknown>(),
  bytes: bytea('bytes'),
  at: instant('at'),
  atText: timestamp('at_text', { withTimezone: true, mode: 'string' }),
  local: timestamp('local', { mode: 'date' }),
  localText: timestamp('local_text', { mode: 'string' }),
  day: date('day'),
  clock: time('clock'),
  span: interval('span'),
  address: inet('address'),
  price: money('price'),
  markup: xml('markup'),
};
const lists = {
  wholes: integer('wholes').array(),
  bigs: bigint('bigs', { mode: 'bigint' }).array(),
  amounts: numeric('amounts').array(),
  floats: doublePrecision('floats').array(),
  flags: boolean('flags').array(),
  notes: text('notes').array(),
  instants: instant('instants').array(),
  moods: mood('moods').array(),
  days: date('days').array(),
};
const values = pgTable(
  'kind_values',
  { id: integer('id').primaryKey(), parentId: integer('parent_id'), ...kinds, ...lists },
  (table) => [
    foreignKey({
      name: 'kind_values_parent_fkey',
      columns: [table.parentId],
      foreignColumns: [table.id],
    }),
  ],
);
const valuesRelations = relations(values, ({ one, many }) => ({
  parent: one(values, { fields: [values.parentId], references: [values.id], relationName: 'tree' }),
  children: many(values, { relationName: 'tree' }),
}));
const schema = { values, valuesRelations };
type Row = typeof values.$inferInsert;

const hostile = {
  TimeZone: 'Africa/Monrovia',
  DateStyle: 'German, DMY',
  IntervalStyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-5',
  standard_conforming_strings: 'off',
  lc_monetary: 'C.UTF-8',
  xmloption: 'document',
  xmlbinary: 'hex',
  array_nulls: 'off',
  transform_null_equals: 'on',
  default_transaction_isolation: 'serializable',
  client_encoding: 'LATIN1',
};

const plainText = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((value) => !value.includes('\0'));
const someInstant = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const instantText = someInstant.map(
  (at) => `${at.toISOString().slice(0, 19).replace('T', ' ')}.123456`,
);
const anInteger = fc.integer({ min: -2_147_483_648, max: 2_147_483_647 });
const aBigint = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const digits = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.integer({ min: 1, max: 9 }))
  .map(([before, after]) => `${before}.${after}`);
const aFloat = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0);
const listOf = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const nullable = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: null, freq: 8 });

const row = fc.record({
  tiny: nullable(fc.integer({ min: -32_768, max: 32_767 })),
  whole: nullable(anInteger),
  big: nullable(aBigint),
  safe: nullable(fc.maxSafeInteger()),
  amount: nullable(digits),
  float: nullable(aFloat),
  single: nullable(fc.constantFrom(0.1, -1.5, 3.25e10, 1.17e-38)),
  flag: nullable(fc.boolean()),
  note: nullable(plainText),
  short: nullable(fc.constantFrom('', "it's \\ \t", '"', 'NULL')),
  fixed: nullable(fc.constantFrom('ab  ', 'abcd')),
  key: nullable(fc.uuid()),
  mood: nullable(fc.constantFrom(...mood.enumValues)),
  data: nullable(
    fc.oneof(
      fc.constantFrom('10.5', '{"a":1}', 'null', '', 0.1, [1, 'x']),
      fc.record({ a: plainText }, { noNullPrototype: true }),
    ),
  ),
  raw: nullable(fc.constantFrom('10.5', '"', { b: ['1'] })),
  bytes: nullable(fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes))),
  at: nullable(someInstant),
  atText: nullable(instantText.map((at) => `${at}+00`)),
  local: nullable(someInstant),
  localText: nullable(instantText),
  day: nullable(someInstant.map((at) => at.toISOString().slice(0, 10))),
  clock: nullable(fc.constantFrom('00:00:00', '23:59:59.999999')),
  span: nullable(fc.constantFrom('1 year 2 mons 3 days 04:05:06', '-1 days -02:03:00')),
  address: nullable(fc.constantFrom('10.0.0.1', '::1/64')),
  price: nullable(fc.constantFrom('1234.50', '-0.01')),
  markup: nullable(fc.constantFrom('<a/>', 'text <b>and</b> more')),
  wholes: nullable(listOf(anInteger)),
  bigs: nullable(listOf(aBigint)),
  amounts: nullable(listOf(digits)),
  floats: nullable(listOf(aFloat)),
  flags: nullable(listOf(fc.boolean())),
  notes: nullable(listOf(plainText)),
  instants: nullable(listOf(someInstant)),
  moods: nullable(listOf(fc.constantFrom(...mood.enumValues))),
  days: nullable(listOf(fc.constantFrom('0001-01-01', '2026-02-28'))),
});

/** money is written as a number and read in the C locale's form. */
const asRead = (written: Omit<Row, 'id'>) => ({
  ...written,
  markup: written.markup ?? null,
  price: written.price?.replace(/^(-?)(\d)(\d{3})/, '$1$2,$3').replace(/^(-?)/, '$1$') ?? null,
});

const definitions = getTableConfig(values).columns.map(
  (column) => `"${column.name}" ${column.getSQLType()}${column.primary ? ' primary key' : ''}`,
);

describe.skipIf(!capabilities.concurrency)('under hostile defaults of database and role', () => {
  let database: OpenDatabase;
  let client: Client<typeof schema>;
  beforeAll(async () => {
    database = await openDatabase();
    await database.sql.unsafe(
      `create type mood as enum ('calm', 'wild; "quoted"'); create table kind_values (${definitions.join(', ')})`,
    );
    const name = new URL(database.url).pathname.slice(1);
    for (const [setting, value] of Object.entries(hostile)) {
      await database.sql.unsafe(`alter database "${name}" set ${setting} = '${value}'`);
    }
    client = createClient({ url: database.url, max: 2 }, { schema });
  });
  afterAll(async () => {
    await client.close();
    await database.close();
  });

  const writers: Record<string, (rows: Row[]) => Promise<unknown>> = {
    insert: (rows) => client.db.insert(values).values(rows),
    insertChunked: (rows) => insertChunked(client.db, values, rows),
    upsertRows: (rows) => upsertRows(client.db, values, rows, { conflict: [values.id] }),
    copyRows: (rows) =>
      copyRows(
        client.sql,
        values,
        ['id', 'parentId', ...Object.keys(kinds), ...Object.keys(lists)] as 'id'[],
        rows,
      ),
  };

  it.each(Object.keys(writers))(
    'what %s wrote is what every path reads',
    { timeout: 120_000 },
    async (way) => {
      await fc.assert(
        fc.asyncProperty(row, row, async (first, second) => {
          // xml has no equality, which an upsert compares by.
          const cut = way === 'upsertRows' ? { markup: undefined } : {};
          const written = [
            { id: 1, parentId: null, ...first, ...cut },
            { id: 2, parentId: 1, ...second, ...cut },
          ];
          await client.sql`delete from kind_values`;
          await writers[way]?.(written);
          const expected = written.map(asRead);

          expect(await client.db.select().from(values).orderBy(values.id)).toEqual(expected);
          const [root] = await client.db.query.values.findMany({
            where: eq(values.id, 1),
            with: { children: true },
          });
          expect({ ...root, children: [] }).toEqual({ ...expected[0], children: [] });
          expect(root?.children).toEqual([expected[1]]);
          const leaf = await client.db.query.values.findFirst({
            columns: { id: true, big: true },
            where: eq(values.id, 2),
            with: { parent: { columns: { markup: false } } },
          });
          const { markup: _, ...parent } = expected[0] ?? {};
          expect(leaf).toEqual({ id: 2, big: expected[1]?.big, parent });
          const returned = await client.db
            .update(values)
            .set({ parentId: sql`parent_id` })
            .returning();
          expect(returned.sort((a, b) => a.id - b.id)).toEqual(expected);
        }),
        { numRuns: 12 },
      );
    },
  );

  it('null stays null inside an array', async () => {
    await client.sql`delete from kind_values`;
    await client.sql`
      insert into kind_values (id, bigs, instants, notes)
      values (1, array[1, null], array[null, '1900-01-01'::timestamptz], array['NULL', null])`;
    const expected = {
      bigs: [1n, null],
      instants: [null, new Date('1900-01-01T00:00:00Z')],
      notes: ['NULL', null],
    };
    const columns = { bigs: values.bigs, instants: values.instants, notes: values.notes };
    expect(await client.db.select(columns).from(values)).toEqual([expected]);
    expect(
      await client.db.query.values.findFirst({
        columns: { bigs: true, instants: true, notes: true },
      }),
    ).toEqual(expected);
  });

  it('years before 100, before Christ and after 9999 are read as they are', async () => {
    await client.sql`delete from kind_values`;
    await client.sql`
      insert into kind_values (id, at) values
        (1, '0044-03-15 12:00+00 BC'), (2, '0001-01-01+00'), (3, '12026-01-01+00')`;
    const rows = await client.db.select({ at: values.at }).from(values).orderBy(values.id);
    expect(rows.map(({ at }) => at?.toISOString())).toEqual([
      '-000043-03-15T12:00:00.000Z',
      '0001-01-01T00:00:00.000Z',
      '+012026-01-01T00:00:00.000Z',
    ]);
  });

  it("a URL's options don't change how values are read", async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c TimeZone=Asia/Kolkata -c work_mem=7MB');
    const other = createClient({ url: url.href, max: 1 }, { schema });
    const [settings] = await other.sql`
      select current_setting('TimeZone') as zone, current_setting('work_mem') as memory`;
    expect(settings).toEqual({ zone: 'UTC', memory: '7MB' });
    await other.close();
  });

  it("behind a pooler, what it follows is sent, and the role's settings do the rest", async () => {
    const pooled = createClient({ url: database.url, max: 1, prepare: false }, { schema });
    const [followed] = await pooled.sql`
      select current_setting('TimeZone') as zone, current_setting('IntervalStyle') as intervals`;
    expect(followed).toEqual({ zone: 'UTC', intervals: 'sql_standard' });
    await pooled.close();

    await database.sql.unsafe('create role kit_pooled login superuser');
    for (const statement of pooledRoleSettings('kit_pooled')) await database.sql.unsafe(statement);
    const settings = await database.sql`
      select setting from (select unnest(setconfig) as setting from pg_db_role_setting
                           where setrole = 'kit_pooled'::regrole) settings`;
    expect(settings.map(({ setting }) => setting)).toContain('IntervalStyle=postgres');
    expect(settings.map(({ setting }) => setting)).toContain('array_nulls=on');
    await database.sql.unsafe('drop role kit_pooled');
  });
});
