import type { Relation, Table } from '../model/model.ts';
import { defineRule } from './rule.ts';
import { listed } from './words.ts';

/** The columns that a relation joins, as pairs, in no order. */
const pairsOf = (columns: readonly string[], targets: readonly string[]): string =>
  columns
    .map((column, place) => `${column}=${targets[place] ?? ''}`)
    .sort()
    .join(' ');

const known = (relation: Relation, table: Table, target: Table): string | undefined => {
  const joined = pairsOf(relation.columns, relation.targetColumns);
  const forward = table.foreignKeys.filter((key) => key.target === target.id);
  const backward = target.foreignKeys.filter((key) => key.target === table.id);
  if (forward.length + backward.length === 0) return undefined;
  const agrees =
    forward.some((key) => pairsOf(key.columns, key.targetColumns) === joined) ||
    backward.some((key) => pairsOf(key.targetColumns, key.columns) === joined);
  if (agrees) return undefined;
  // A join on the key and more (such as a tenant) is narrower, and right.
  const parts = new Set(joined.split(' '));
  const contains = (pairs: string) => pairs.split(' ').every((pair) => parts.has(pair));
  if (
    forward.some((key) => contains(pairsOf(key.columns, key.targetColumns))) ||
    backward.some((key) => contains(pairsOf(key.targetColumns, key.columns)))
  )
    return undefined;
  // A join on columns outside of every key between the two is another kind of relation.
  const constrained = new Set(forward.flatMap(({ columns }) => columns));
  if (forward.length > 0 && !relation.columns.some((column) => constrained.has(column)))
    return undefined;
  if (forward.length === 0) return undefined;
  return forward
    .map((key) => `(${key.columns.join(', ')}) → (${key.targetColumns.join(', ')})`)
    .join(', ');
};

export const relationAgrees = defineRule({
  id: 'relation-agrees',
  group: 'foreign keys',
  severity: 'error',
  needs: 'declarations',
  title: 'A Drizzle relation joins the columns of its foreign key',
  why: 'The relational query joins by relations(), not by the constraint, so with other columns it returns rows that do not belong together, or none. A join by half of a composite key can cross tenants.',
  source: 'Drizzle documentation, Relations: a relation is not a constraint',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), name: text('name') });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });
export const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.name] }) }));`,
    },
    {
      schema: `export const users = pgTable('users', { tenantId: text('tenant_id'), id: text('id') }, (t) => [primaryKey({ columns: [t.tenantId, t.id] })]);
export const posts = pgTable('posts', { tenantId: text('tenant_id'), id: text('id').primaryKey(), userId: text('user_id') }, (t) => [foreignKey({ columns: [t.tenantId, t.userId], foreignColumns: [users.tenantId, users.id] })]);
export const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }) }));`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const teams = pgTable('teams', { id: text('id').primaryKey() });
export const members = pgTable('members', { id: text('id').primaryKey(), teamId: text('team_id').references(() => teams.id) });
export const membersRelations = relations(members, ({ one }) => ({ team: one(teams, { fields: [members.teamId], references: [users.id] }) }));`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });
export const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }) }));`,
    },
  ],
  *check({ model }) {
    const tables = new Map(model.tables.map((table) => [table.id, table]));
    for (const relation of model.relations) {
      const table = tables.get(relation.table);
      const target = tables.get(relation.target);
      if (!table || !target || relation.through || relation.columns.length === 0) continue;
      if (relation.kind !== 'one') continue;
      if (relation.strays?.length) {
        yield {
          object: `${relation.table}.${relation.field}`,
          message: `joins ${table.id} and ${target.id} by ${listed(relation.strays)}, a column of another table`,
          location: relation.location,
        };
        continue;
      }
      const expected = known(relation, table, target);
      if (expected === undefined) continue;
      yield {
        object: `${relation.table}.${relation.field}`,
        message: `joins ${target.id} by (${relation.columns.join(', ')}) → (${relation.targetColumns.join(', ')}), the foreign key by ${expected}`,
        location: relation.location,
      };
    }
  },
});
