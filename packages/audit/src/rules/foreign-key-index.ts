import { leadingColumns } from '../model/model.ts';
import { at, defineRule, keyOf } from './rule.ts';
import { listed } from './words.ts';

/** Whether an index starts with exactly these columns, in any order. */
const leads = (index: readonly string[], columns: readonly string[]): boolean => {
  const start = new Set(index.slice(0, columns.length));
  return start.size === columns.length && columns.every((column) => start.has(column));
};

export const foreignKeyIndex = defineRule({
  id: 'foreign-key-index',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'schema',
  title: 'An index leads with the columns of each foreign key',
  why: 'PostgreSQL indexes the referenced columns, never the referencing ones: each delete of a parent then scans the whole child table under its lock. The joins from parent to children scan it too.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }) });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), at: integer('at'), userId: text('user_id').references(() => users.id) }, (t) => [index('posts_at_user_id_idx').on(t.at, t.userId)]);`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), live: boolean('live'), userId: text('user_id').references(() => users.id) }, (t) => [index('posts_user_id_idx').on(t.userId).where(sql\`\${t.live}\`)]);`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }) }, (t) => [index('posts_user_id_idx').on(t.userId)]);`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) }, (t) => [index('posts_user_id_idx').on(t.userId).where(sql\`\${t.userId} is not null\`)]);`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables) {
      const indexes = table.indexes.filter(
        ({ method, where }) => /^(btree|hash)$/.test(method) && where === undefined,
      );
      for (const key of table.foreignKeys) {
        // A predicate that only leaves out NULLs leaves out nothing that a delete looks for.
        const partial = table.indexes.some(
          ({ where, ...index }) =>
            where !== undefined &&
            leads(leadingColumns({ ...index, where }), key.columns) &&
            key.columns.some((column) =>
              new RegExp(`^\\(*"?${column}"?\\)* is not null\\)*$`, 'i').test(where.trim()),
            ),
        );
        if (partial || indexes.some((index) => leads(leadingColumns(index), key.columns))) continue;
        const keys = key.columns.map((column) => `t.${keyOf(table, column)}`).join(', ');
        yield {
          object: at(table, key.columns.join(',')),
          message: `no index leads with ${listed(key.columns)}, which refers to ${key.target}`,
          location: key.location,
          fix: {
            language: 'ts',
            code: `index('${table.name}_${key.columns.join('_')}_idx').on(${keys})`,
          },
        };
      }
    }
  },
});
