import { createdOf, updatedOf } from './row-times.ts';
import { at, defineRule } from './rule.ts';
import { listed } from './words.ts';

export const rowTimesSet = defineRule({
  id: 'row-times-set',
  group: 'times',
  severity: 'warning',
  needs: 'schema',
  title: 'createdAt and updatedAt are NOT NULL and default to now',
  why: 'A row written by hand or by another program otherwise has no time, and orders, cursors and exports by it lose that row. The default costs nothing and makes the rule true for every writer.',
  source: 'PostgreSQL manual 5.2 Default Values',
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), createdAt: timestamp('created_at', { withTimezone: true }).defaultNow() });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), updatedAt: timestamp('updated_at', { withTimezone: true }).notNull() });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(), updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().$defaultFn(() => new Date()) });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), updatedAt: timestamp('updated_at', { withTimezone: true }).$onUpdate(() => new Date()) });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of [createdOf(table), updatedOf(table)]) {
        if (!column || column.generated) continue;
        const neverYet = column === updatedOf(table) && !column.notNull && !column.default;
        // A nullable updatedAt without a default means "never changed", which is another valid
        // convention.
        if (neverYet) continue;
        const lacks = [
          ...(column.notNull ? [] : ['NOT NULL']),
          ...(column.default || column.onUpdate ? [] : ['a default']),
        ];
        if (lacks.length === 0) continue;
        yield {
          object: at(table, column),
          message: `lacks ${listed(lacks)}`,
          location: column.location,
          fix: { language: 'ts', code: `${column.key}: ….notNull().defaultNow()` },
        };
      }
  },
});
