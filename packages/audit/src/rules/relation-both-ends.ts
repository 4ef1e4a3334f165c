import { at, defineRule, keyOf } from './rule.ts';
import { singularOf, wordsOf } from './words.ts';

export const relationBothEnds = defineRule({
  id: 'relation-both-ends',
  group: 'foreign keys',
  severity: 'info',
  needs: 'declarations',
  title: 'A foreign key has a Drizzle relation on both ends',
  why: 'Without it db.query cannot follow the key from that end, and the caller writes the join or a second query by hand. In Drizzle 0.x a many() whose other end has no one() also fails, at the first query that uses it.',
  source: 'Drizzle documentation, Relations',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });
export const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }) }));`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });
export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });
export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
export const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }) }));`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });`,
    },
  ],
  *check({ model }, { except }) {
    // A project without relations has chosen joins.
    if (model.relations.length === 0) return;
    const tables = new Map(model.tables.map((table) => [table.id, table]));
    // A junction that a relation goes through can be followed from both ends.
    const junctions = new Set(model.relations.map(({ throughTable }) => throughTable));
    for (const table of model.tables.filter(({ id }) => !junctions.has(id)))
      for (const key of table.foreignKeys) {
        const target = tables.get(key.target);
        const object = at(table, key.columns.join(','));
        if (!target || except.includes(object)) continue;
        const ones = model.relations.filter(
          ({ table: from, target: to, columns }) =>
            from === table.id && to === target.id && columns.length > 0,
        );
        const one = ones.find(({ columns }) =>
          key.columns.every((column) => columns.includes(column)),
        );
        const many = model.relations.some(
          (relation) =>
            relation.table === target.id &&
            (relation.target === table.id || relation.through) &&
            relation !== one &&
            (relation.columns.length === 0 ||
              key.targetColumns.every((column) => relation.columns.includes(column))) &&
            (one === undefined ||
              relation.relationName === one.relationName ||
              relation.columns.length > 0),
        );
        const words = wordsOf(key.columns[key.columns.length - 1] ?? '').filter(
          (word) => word !== 'id',
        );
        if (!one)
          yield {
            object,
            message: `${table.id} has no relation to ${target.id} by ${key.columns.join(', ')}`,
            location: key.location,
            fix: {
              language: 'ts',
              code: `relations(${table.key}, ({ one }) => ({ ${words.join('') || singularOf(target.name)}: one(${target.key}, { fields: [${key.columns.map((column) => `${table.key}.${keyOf(table, column)}`).join(', ')}], references: [${key.targetColumns.map((column) => `${target.key}.${keyOf(target, column)}`).join(', ')}] }) }))`,
            },
          };
        if (!many)
          yield {
            object,
            message: `${target.id} has no relation back to ${table.id}`,
            location: key.location,
            fix: {
              language: 'ts',
              code: `relations(${target.key}, ({ many }) => ({ ${table.key}: many(${table.key}${one?.relationName ? `, { relationName: '${one.relationName}' }` : ''}) }))`,
            },
          };
      }
  },
});
