import { updatedOf } from './row-times.ts';
import { at, defineRule } from './rule.ts';

export const updatedAt = defineRule({
  id: 'updated-at-maintained',
  group: 'times',
  severity: 'warning',
  needs: 'declarations',
  title: 'updatedAt is set on every update',
  why: 'A column that each update must set is right until the first one that omits it, and nobody notices. Drizzle sets $onUpdate columns in update and in onConflictDoUpdate; a trigger does it for every writer.',
  source: 'Drizzle documentation, $onUpdate; measured: 0.45 applies it in onConflictDoUpdate too',
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow() });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()) });`,
    },
  ],
  *check({ model, catalog }) {
    for (const table of model.tables) {
      const column = updatedOf(table);
      if (!column || column.onUpdate || column.generated) continue;
      if (catalog?.updateTriggers.has(table.id)) continue;
      yield {
        object: at(table, column),
        message: 'has no $onUpdate and no trigger: each update must set it',
        location: column.location,
        fix: { language: 'ts', code: `${column.key}: ….$onUpdate(() => new Date())` },
      };
    }
  },
});
