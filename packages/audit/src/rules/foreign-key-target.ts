import { at, defineRule } from './rule.ts';
import { listed } from './words.ts';

export const foreignKeyTarget = defineRule({
  id: 'foreign-key-target',
  group: 'foreign keys',
  severity: 'error',
  needs: 'schema',
  title: 'A foreign key refers to columns that are unique',
  why: 'PostgreSQL refuses the constraint otherwise, so the migration fails when it is applied. A unique index that is partial or over an expression does not count.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') });
export const posts = pgTable('posts', { id: text('id').primaryKey(), author: text('author').references(() => users.email) });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') }, (t) => [uniqueIndex('users_email_key').on(t.email).where(sql\`\${t.email} <> ''\`)]);
export const posts = pgTable('posts', { id: text('id').primaryKey(), author: text('author').references(() => users.email) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email').unique() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), author: text('author').references(() => users.email) });`,
    },
  ],
  *check({ model }) {
    const tables = new Map(model.tables.map((table) => [table.id, table]));
    for (const table of model.tables)
      for (const key of table.foreignKeys) {
        const target = tables.get(key.target);
        if (!target || target.knownInPart) continue;
        const same = (columns: readonly (string | undefined)[]) =>
          columns.length === key.targetColumns.length &&
          key.targetColumns.every((column) => columns.includes(column));
        const unique =
          same(target.primaryKey) ||
          target.indexes.some(
            ({ unique, where, parts }) =>
              unique && where === undefined && same(parts.map(({ column }) => column)),
          );
        if (unique) continue;
        yield {
          object: at(table, key.columns.join(',')),
          message: `refers to ${key.target} (${listed(key.targetColumns)}), which no unique constraint covers`,
          location: key.location,
        };
      }
  },
});
