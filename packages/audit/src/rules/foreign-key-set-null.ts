import { at, defineRule } from './rule.ts';
import { listed } from './words.ts';

export const foreignKeySetNull = defineRule({
  id: 'foreign-key-set-null',
  group: 'foreign keys',
  severity: 'error',
  needs: 'schema',
  title: 'ON DELETE SET NULL sets only columns that may be null',
  why: 'The delete of the parent fails with a not-null violation at the moment someone needs it. With a composite key every column is set, so one that is NOT NULL (a tenant) blocks all of them.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys (SET NULL with a column list since 15)',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').notNull().references(() => users.id, { onDelete: 'set null' }) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id, { onDelete: 'set null' }) });`,
    },
  ],
  *check({ model }) {
    if (model.origin === 'catalog') return;
    for (const table of model.tables)
      for (const key of table.foreignKeys) {
        if (key.onDelete !== 'set null') continue;
        const stuck = key.columns.filter(
          (name) => table.columns.find((column) => column.name === name)?.notNull,
        );
        if (stuck.length === 0) continue;
        yield {
          object: at(table, key.columns.join(',')),
          message: `ON DELETE SET NULL, but ${listed(stuck)} is NOT NULL: a delete in ${key.target} fails`,
          location: key.location,
          fix: {
            language: 'ts',
            code:
              stuck.length === key.columns.length
                ? `without .notNull(), or onDelete: 'cascade' or 'restrict'`
                : `in a migration of its own: ON DELETE SET NULL (${key.columns.filter((name) => !stuck.includes(name)).join(', ')})`,
          },
        };
      }
  },
});
