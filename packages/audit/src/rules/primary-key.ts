import { defineRule } from './rule.ts';

export const primaryKey = defineRule({
  id: 'primary-key',
  group: 'keys',
  severity: 'error',
  needs: 'schema',
  title: 'Every table has a primary key',
  why: 'Without a key, a row cannot be named: an update or delete may hit its duplicates, and logical replication refuses both. Tools and keyset pages need a unique order as well.',
  source: 'PostgreSQL manual 5.5.4 Primary Keys, 29.1 Publication (replica identity)',
  bad: [{ schema: `export const visits = pgTable('visits', { path: text('path').notNull() });` }],
  good: [
    {
      schema: `export const visits = pgTable('visits', { id: uuid('id').defaultRandom().primaryKey(), path: text('path').notNull() });`,
    },
    {
      schema: `export const seen = pgTable('seen', { a: text('a'), b: text('b') }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables) {
      if (table.primaryKey.length > 0 || table.knownInPart) continue;
      const unique = table.indexes.find(
        ({ unique, where, parts }) =>
          unique &&
          where === undefined &&
          parts.every(({ column }) => table.columns.find(({ name }) => name === column)?.notNull),
      );
      const columns = unique?.parts.map(
        ({ column }) => table.columns.find(({ name }) => name === column)?.key,
      );
      yield {
        object: table.id,
        message: unique
          ? 'has no primary key; its unique index could be one'
          : 'has no primary key',
        location: table.location,
        fix: {
          language: 'ts',
          code: columns
            ? `primaryKey({ columns: [${columns.map((key) => `t.${key}`).join(', ')}] })`
            : `id: uuid('id').defaultRandom().primaryKey(),`,
        },
      };
    }
  },
});
