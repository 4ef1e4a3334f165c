import { type ForeignKey, type Index, leadingColumns, type Table } from '../model/model.ts';
import { literally } from '../model/pattern.ts';
import { at, defineRule, keyOf } from './rule.ts';
import { listed } from './words.ts';

/** True if an index starts with exactly these columns, in any order. */
const leads = (index: readonly string[], columns: readonly string[]): boolean => {
  const start = new Set(index.slice(0, columns.length));
  return start.size === columns.length && columns.every((column) => start.has(column));
};

/**
 * True if an index leads with the selective part of a composite key: `(order_id)` for `(tenant_id,
 * order_id)`. A column that other keys of the table share (the tenant) is not selective.
 */
const leadsWithOwn = (index: readonly string[], key: ForeignKey, table: Table): boolean => {
  const [first] = index;
  return (
    first !== undefined &&
    key.columns.length > 1 &&
    key.columns.includes(first) &&
    !table.foreignKeys.some((other) => other !== key && other.columns.includes(first))
  );
};

export const foreignKeyIndex = defineRule({
  id: 'foreign-key-index',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'schema',
  title: 'An index leads with the columns of each foreign key',
  why: 'PostgreSQL indexes the referenced columns, never the referencing ones, so each delete of a parent scans the whole child table under its lock. The joins from parent to children scan it too.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  perTable: true,
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
    {
      schema: `export const teams = pgTable('teams', { id: text('id').primaryKey() });
export const folders = pgTable('folders', { teamId: text('team_id'), slug: text('slug') }, (t) => [primaryKey({ columns: [t.teamId, t.slug] })]);
export const posts = pgTable('posts', { id: text('id').primaryKey(), teamId: text('team_id').references(() => teams.id), slug: text('slug') }, (t) => [foreignKey({ columns: [t.teamId, t.slug], foreignColumns: [folders.teamId, folders.slug] }), index('posts_team_idx').on(t.teamId)]);`,
    },
  ],
  good: [
    {
      schema: `export const teams = pgTable('teams', { id: text('id').primaryKey() });
export const folders = pgTable('folders', { teamId: text('team_id'), slug: text('slug') }, (t) => [primaryKey({ columns: [t.teamId, t.slug] })]);
export const posts = pgTable('posts', { id: text('id').primaryKey(), teamId: text('team_id').references(() => teams.id), slug: text('slug') }, (t) => [foreignKey({ columns: [t.teamId, t.slug], foreignColumns: [folders.teamId, folders.slug] }), index('posts_team_idx').on(t.teamId), index('posts_slug_idx').on(t.slug)]);`,
    },
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
      if (table.knownInPart) continue;
      const indexes = table.indexes.filter(
        ({ method, where }) => /^(btree|hash)$/.test(method) && where === undefined,
      );
      for (const key of table.foreignKeys) {
        // A predicate that only excludes NULLs excludes no row that a delete looks for.
        const partial = table.indexes.some(
          ({ where, ...index }) =>
            where !== undefined &&
            leads(leadingColumns({ ...index, where }), key.columns) &&
            key.columns.some((column) =>
              new RegExp(`^\\(*"?${literally(column)}"?\\)* is not null\\)*$`, 'i').test(
                where.trim(),
              ),
            ),
        );
        const served = (index: Index) =>
          leads(leadingColumns(index), key.columns) ||
          leadsWithOwn(leadingColumns(index), key, table);
        if (partial || indexes.some(served)) continue;
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
