import type { Column, Table } from '../model/model.ts';
import { defineRule, matches } from './rule.ts';
import { listed, wordsOf } from './words.ts';

const CREATED = new Set([
  'created at',
  'inserted at',
  'created',
  'created on',
  'date created',
  'creation date',
]);
const UPDATED = new Set([
  'updated at',
  'modified at',
  'updated',
  'updated on',
  'last updated at',
  'changed at',
]);

const named = (table: Table, names: ReadonlySet<string>): Column | undefined =>
  table.columns.find(({ name }) => names.has(wordsOf(name).join(' ')));

export const createdOf = (table: Table): Column | undefined => named(table, CREATED);
export const updatedOf = (table: Table): Column | undefined => named(table, UPDATED);

/** A time that every row gets at insertion, the createdAt of a log or an event. */
const bornAt = (table: Table): Column | undefined =>
  table.columns.find(
    (column) =>
      /^timestamp/.test(column.baseType) &&
      column.notNull &&
      column !== updatedOf(table) &&
      /now\(\)|current_timestamp/i.test(column.default?.text ?? ''),
  );

/** A junction's row is inserted and deleted, never changed. */
const onlyReferences = (table: Table): boolean =>
  table.columns.every(({ name }) =>
    table.foreignKeys.some(({ columns }) => columns.includes(name)),
  );

export const rowTimes = defineRule({
  id: 'row-times',
  group: 'times',
  severity: 'warning',
  needs: 'schema',
  title: 'Every table has createdAt and updatedAt',
  why: 'When a row came and when it last changed is the first question of every incident, and no later migration can answer it for rows that are there. Incremental exports and caches need the second as well.',
  source: 'convention of the field; asked of every table where the project has it on most',
  options: {
    except: [] as string[],
    /** Requires it of all tables, also if most have none. */
    always: false,
    /** Tables without updatedAt, whose rows never change. */
    appendOnly: [] as string[],
  },
  bad: [
    {
      schema: `const times = { createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(), updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow() };
export const a = pgTable('a', { id: text('id').primaryKey(), ...times });
export const b = pgTable('b', { id: text('id').primaryKey(), ...times });
export const c = pgTable('c', { id: text('id').primaryKey() });`,
    },
    {
      schema: `export const c = pgTable('c', { id: text('id').primaryKey() });`,
      options: { always: true },
    },
  ],
  good: [
    { schema: `export const a = pgTable('a', { id: text('id').primaryKey() });` },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), createdAt: timestamp('created_at') });
export const b = pgTable('b', { id: text('id').primaryKey(), createdAt: timestamp('created_at') });
export const log = pgTable('log', { id: text('id').primaryKey(), seenAt: timestamp('seen_at').notNull().defaultNow() });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), createdAt: timestamp('created_at'), updatedAt: timestamp('updated_at') });`,
      options: { always: true },
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), createdAt: timestamp('created_at') });`,
      options: { always: true, appendOnly: ['a'] },
    },
  ],
  *check({ model }, { except, always, appendOnly }) {
    const { tables } = model;
    const share = (has: (table: Table) => unknown) =>
      tables.filter(has).length / Math.max(tables.length, 1);
    const wantsCreated = always || share(createdOf) > 0.6;
    const wantsUpdated = always || share(updatedOf) > 0.6;
    for (const table of tables) {
      if (matches(except, table.id) || table.knownInPart) continue;
      const missing = [
        ...(wantsCreated && !createdOf(table) && (always || !bornAt(table)) ? ['createdAt'] : []),
        ...(wantsUpdated && !updatedOf(table) && !matches(appendOnly, table.id)
          ? ['updatedAt']
          : []),
      ];
      if (missing.length === 0) continue;
      yield {
        object: table.id,
        message: `has no ${listed(missing)}`,
        // Rows of a junction or a log never change, so they need no updatedAt.
        severity:
          always || (missing.includes('createdAt') && !onlyReferences(table)) ? 'warning' : 'info',
        location: table.location,
        fix: {
          language: 'ts',
          code: missing
            .map(
              (key) =>
                `${key}: timestamp('${key === 'createdAt' ? 'created_at' : 'updated_at'}', { withTimezone: true, precision: 3 }).notNull().defaultNow()${key === 'updatedAt' ? '.$onUpdate(() => new Date())' : ''},`,
            )
            .join('\n'),
        },
      };
    }
  },
});
