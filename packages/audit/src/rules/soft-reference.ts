import type { Column, Table } from '../model/model.ts';
import { typeOf } from './foreign-key-type.ts';
import { at, defineRule, keyOf, matches } from './rule.ts';
import { pluralOf, singularOf, wordsOf } from './words.ts';

export const softReference = defineRule({
  id: 'soft-reference',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'schema',
  title: 'A column that names another table’s row has a foreign key',
  why: 'Without the constraint the referenced row may be missing, and every reader must expect that. The planner also loses its knowledge about the join.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').notNull() });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() }); const log = pgSchema('log');
export const entries = log.table('entries', { id: text('id').primaryKey(), userId: text('user_id') });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id), stripeId: text('stripe_id') });`,
    },
    {
      schema: `export const users = pgTable('users', { id: uuid('id').primaryKey() });
export const imports = pgTable('imports', { id: text('id').primaryKey(), userId: text('user_id') });`,
    },
    {
      schema: `export const accounts = pgTable('accounts', { id: text('id').primaryKey(), accountId: text('account_id') });
export const posts = pgTable('posts', { id: text('id').primaryKey() });
export const votes = pgTable('votes', { id: text('id').primaryKey(), postId: text('post_id'), postType: text('post_type') });`,
    },
  ],
  *check({ model }, { except }) {
    // The column names that refer to tables: `sessionId`, if a constraint states its target.
    const names = new Set(
      model.tables.flatMap(({ foreignKeys }) =>
        foreignKeys.flatMap(({ columns, target }) =>
          columns.length === 1 ? [`${wordsOf(columns[0] ?? '').join(' ')} ${target}`] : [],
        ),
      ),
    );
    for (const table of model.tables)
      for (const column of table.knownInPart ? [] : table.columns) {
        if (matches(except, at(table, column)) || column.isArray || column.primary) continue;
        if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) continue;
        const words = wordsOf(column.name);
        if (words.length < 2 || words.pop() !== 'id') continue;
        const kind = [...words, 'type'].join(' ');
        // One column for rows of several tables, for which no constraint is possible.
        if (table.columns.some(({ name }) => wordsOf(name).join(' ') === kind)) continue;
        const last = words[words.length - 1] ?? '';
        const wanted = new Set([
          words.join(' '),
          [...words.slice(0, -1), pluralOf(last)].join(' '),
        ]);
        const target = [table.schema, undefined]
          .map((schema) =>
            model.tables.find(
              (other) => other.schema === schema && wanted.has(wordsOf(other.name).join(' ')),
            ),
          )
          .find((found) => found !== undefined);
        // The account's own accountId is another system's id.
        if (!target || target === table) continue;
        const key = keyOfRow(target);
        // A column of another type cannot refer to the key; it is a vendor's id of the same name.
        if (!key || typeOf(key) !== typeOf(column)) continue;
        const sure =
          !MANY_MEANINGS.has(singularOf(last)) ||
          names.has(`${wordsOf(column.name).join(' ')} ${target.id}`);
        yield {
          object: at(table, column),
          message: `looks like a reference to ${target.id}, but no constraint says so`,
          severity: sure ? undefined : 'info',
          location: column.location,
          fix: { language: 'ts', code: referenceTo(table, column, target, key) },
        };
      }
  },
});

/** Words with meanings in other systems, which may not refer to the table of that name. */
const MANY_MEANINGS = new Set([
  'account',
  'channel',
  'client',
  'connection',
  'customer',
  'device',
  'event',
  'message',
  'order',
  'request',
  'resource',
  'server',
  'session',
  'subscription',
  'token',
  'transaction',
]);

/** The column that identifies a table's rows, beside the scoping column. */
const keyOfRow = ({ primaryKey, columns }: Table): Column | undefined => {
  const name = primaryKey.includes('id') ? 'id' : primaryKey.at(-1);
  return columns.find((column) => column.name === name);
};

const referenceTo = (table: Table, column: Column, target: Table, key: Column): string => {
  if (target.primaryKey.length < 2)
    return `.references(() => ${target.key}.${key.key}, { onDelete: 'cascade' })`;
  const scopes = target.primaryKey.filter((name) => name !== key.name);
  const own = [...scopes.map((name) => keyOf(table, name)), column.key];
  const theirs = [...scopes.map((name) => keyOf(target, name)), key.key];
  return `foreignKey({ columns: [${own.map((name) => `t.${name}`).join(', ')}], foreignColumns: [${theirs.map((name) => `${target.key}.${name}`).join(', ')}] }).onDelete('cascade')`;
};
