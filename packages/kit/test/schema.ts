import { relations } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { camelTimestamps, instant } from '../src/index.ts';

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

const colour = pgEnum('Colour', ['red', 'green']);

/** A row is a person with a secret. */
export const people = pgTable(
  'people',
  {
    id: integer('id').primaryKey(),
    email: text('email').notNull(),
    balance: integer('balance').notNull().default(0),
    ...camelTimestamps,
  },
  (table) => [uniqueIndex('people_email_key').on(table.email)],
);

/** A row is a note of a person. */
export const notes = pgTable(
  'notes',
  {
    id: integer('id').primaryKey(),
    personId: integer('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    body: text('body').notNull(),
    rank: integer('rank'),
    seenAt: timestamp('seen_at', { withTimezone: true, mode: 'date' }),
  },
  (table) => [index('notes_person_id_idx').on(table.personId)],
);

/** A row is one value of every kind that bulk writes must keep. */
export const samples = pgTable('samples', {
  id: integer('id').primaryKey(),
  title: text('title'),
  amount: numeric('amount', { precision: 30, scale: 10 }),
  big: bigint('big', { mode: 'bigint' }),
  flag: boolean('flag'),
  tags: text('tags').array(),
  data: jsonb('data').$type<unknown>(),
  bytes: bytea('bytes'),
  at: instant('at'),
  colour: colour('colour'),
  ...camelTimestamps,
});

const peopleRelations = relations(people, ({ many }) => ({ notes: many(notes) }));
const notesRelations = relations(notes, ({ one }) => ({
  person: one(people, { fields: [notes.personId], references: [people.id] }),
}));

export const schema = { people, notes, samples, peopleRelations, notesRelations };

/** The tables above, as their migration would make them. */
export const createTables = `
  create type "Colour" as enum ('red', 'green');
  create table people (
    id integer primary key,
    email text not null,
    balance integer not null default 0,
    "createdAt" timestamptz(3) not null default now(),
    "updatedAt" timestamptz(3) not null default now()
  );
  create unique index people_email_key on people (email);
  create table notes (
    id integer primary key,
    person_id integer not null references people (id) on delete cascade,
    body text not null,
    rank integer,
    seen_at timestamptz
  );
  create index notes_person_id_idx on notes (person_id);
  create table samples (
    id integer primary key,
    title text,
    amount numeric(30, 10),
    big bigint,
    flag boolean,
    tags text[],
    data jsonb,
    bytes bytea,
    at timestamptz(3),
    colour "Colour",
    "createdAt" timestamptz(3) not null default now(),
    "updatedAt" timestamptz(3) not null default now()
  );
`;
