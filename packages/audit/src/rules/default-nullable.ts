import { createdOf, updatedOf } from './row-times.ts';
import { at, defineRule, matches } from './rule.ts';

export const defaultNullable = defineRule({
  id: 'default-nullable',
  group: 'values',
  severity: 'info',
  needs: 'schema',
  title: 'A column with a default is NOT NULL',
  why: 'With a default, only a writer who sends NULL explicitly stores one, and it means nothing new. Every reader and every type must expect it all the same.',
  source: 'PostgreSQL manual 5.2 Default Values, 5.5.2 Not-Null Constraints',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), state: text('state').default('draft') });`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), state: text('state').notNull().default('draft'), note: text('note'), isLive: boolean('is_live').default(false), createdAt: timestamp('created_at').defaultNow() });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (column.notNull || column.generated || column.identity) continue;
        if (!column.default || column.default.kind === 'function') continue;
        if (/^null(::|$)/i.test(column.default.text)) continue;
        // Other rules check these.
        if (column.baseType === 'boolean' || column === createdOf(table)) continue;
        if (column === updatedOf(table) || matches(except, at(table, column))) continue;
        yield {
          object: at(table, column),
          message: `defaults to ${column.default.text} and may be NULL`,
          location: column.location,
          fix: { language: 'ts', code: `${column.key}: ….notNull().default(…)` },
        };
      }
  },
});
