import { typeOf } from './foreign-key-type.ts';
import { at, defineRule, matches } from './rule.ts';
import { pluralOf, wordsOf } from './words.ts';

export const softReference = defineRule({
  id: 'soft-reference',
  group: 'foreign keys',
  severity: 'warning',
  needs: 'schema',
  title: 'A column that names another table’s row has a foreign key',
  why: 'Without the constraint the row that it names can vanish or never have been, and every reader has to expect that. The planner also loses what it knows about the join.',
  source: 'PostgreSQL manual 5.5.5 Foreign Keys',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').notNull() });`,
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
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (matches(except, at(table, column)) || column.isArray || column.primary) continue;
        if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) continue;
        const words = wordsOf(column.name);
        if (words.length < 2 || words.pop() !== 'id') continue;
        const last = words[words.length - 1] ?? '';
        const names = new Set([words.join(' '), [...words.slice(0, -1), pluralOf(last)].join(' ')]);
        const target = model.tables.find(
          (other) => other.schema === table.schema && names.has(wordsOf(other.name).join(' ')),
        );
        const [key] = target?.primaryKey ?? [];
        const keyColumn = target?.columns.find(({ name }) => name === key);
        // A key of another type cannot be meant: a vendor's id that happens to have the name.
        if (!target || !keyColumn || typeOf(keyColumn) !== typeOf(column)) continue;
        yield {
          object: at(table, column),
          message: `looks like a reference to ${target.id}, but no constraint says so`,
          location: column.location,
          fix: {
            language: 'ts',
            code: `.references(() => ${target.key}.${keyColumn.key}, { onDelete: 'cascade' })`,
          },
        };
      }
  },
});
