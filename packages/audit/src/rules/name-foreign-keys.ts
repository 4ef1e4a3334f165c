import { at, defineRule, matches } from './rule.ts';
import { wordsOf } from './words.ts';

export const nameForeignKeys = defineRule({
  id: 'name-foreign-keys',
  group: 'names',
  severity: 'info',
  needs: 'schema',
  title: 'A column that refers to another row ends in Id',
  why: '`author` may be a name, an object or an id; `authorId` is an id. The relation can then have the plain name, so that `post.author` is the row.',
  source: 'convention of the field; names ending in By are accepted',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), author: text('author').references(() => users.id) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), authorId: text('author_id').references(() => users.id), createdBy: text('created_by').references(() => users.id) });`,
    },
    {
      schema: `export const currencies = pgTable('currencies', { code: text('code').primaryKey() });
export const prices = pgTable('prices', { id: text('id').primaryKey(), currency: text('currency').references(() => currencies.code) });`,
    },
  ],
  *check({ model }, { except }) {
    const tables = new Map(model.tables.map((table) => [table.id, table]));
    for (const table of model.tables)
      for (const key of table.foreignKeys) {
        const [name] = key.columns;
        if (key.columns.length !== 1 || name === undefined) continue;
        // A key with the name of its target column (a code, an email) is clear.
        if (
          key.targetColumns[0] === name ||
          tables.get(key.target)?.primaryKey[0] !== key.targetColumns[0]
        )
          continue;
        const words = wordsOf(name);
        if (/^(id|ids|by)$/.test(words.at(-1) ?? '') || matches(except, at(table, name))) continue;
        const end = wordsOf(key.targetColumns[0] ?? '').at(-1);
        // A natural key (a currency's code) has its own name.
        if (end !== 'id') continue;
        yield {
          object: at(table, name),
          message: `refers to ${key.target}, but does not end in Id`,
          location: key.location,
        };
      }
  },
});
