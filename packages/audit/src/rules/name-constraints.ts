import { at, defineRule, matches } from './rule.ts';

export const nameConstraints = defineRule({
  id: 'name-constraints',
  group: 'names',
  severity: 'info',
  needs: 'declarations',
  title: 'Constraints and indexes have names, of one pattern',
  why: 'Code distinguishes errors by the name of the constraint, and people read plans by the names of indexes. A name that Drizzle generates changes with a column’s name, and breaks code that uses it.',
  source: 'measured here: errors are mapped by constraint name',
  options: {
    /** True if foreign keys need a name too. */
    foreignKeys: false,
    /** The suffixes of index and unique constraint names; empty for any name. */
    endings: [] as string[],
    except: [] as string[],
  },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') }, (t) => [uniqueIndex().on(t.email)]);`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') }, (t) => [uniqueIndex('email_must_be_unique').on(t.email)]);`,
      options: { endings: ['_key', '_idx'] },
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey() });
export const posts = pgTable('posts', { id: text('id').primaryKey(), userId: text('user_id').references(() => users.id) });`,
      options: { foreignKeys: true },
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email') }, (t) => [uniqueIndex('users_email_key').on(t.email)]);`,
      options: { endings: ['_key'] },
    },
  ],
  *check({ model }, { foreignKeys, endings, except }) {
    for (const table of model.tables) {
      for (const index of table.indexes) {
        if (index.constraint) continue;
        const { name } = index;
        if (name === undefined) {
          yield {
            object: at(table, index.parts.map(({ text }) => text).join(',')),
            message: 'is an index without a name of its own',
            location: index.location,
          };
          continue;
        }
        if (
          endings.length > 0 &&
          !endings.some((ending) => name.endsWith(ending)) &&
          !matches(except, name)
        )
          yield {
            object: at(table, name),
            message: `does not end in ${endings.join(' or ')}`,
            location: index.location,
          };
      }
      if (foreignKeys)
        for (const key of table.foreignKeys)
          if (!key.explicitName)
            yield {
              object: at(table, key.columns.join(',')),
              message: `the foreign key to ${key.target} has no name of its own`,
              location: key.location,
            };
    }
  },
});
