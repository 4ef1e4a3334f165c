import { at, defineRule } from './rule.ts';

export const jsonPlain = defineRule({
  id: 'jsonb',
  group: 'values',
  severity: 'warning',
  needs: 'schema',
  title: 'JSON is stored as jsonb',
  why: 'json stores the text unchanged and parses it at every access; it has no equality, so DISTINCT and GROUP BY fail, and no GIN index. It is right only where the exact bytes matter, as for a signature.',
  source: 'PostgreSQL manual 8.14 JSON Types',
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), extra: json('extra').$type<string[]>() });`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), extra: jsonb('extra').$type<string[]>() });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns)
        if (column.baseType === 'json')
          yield {
            object: at(table, column),
            message: 'is json, not jsonb',
            location: column.location,
            fix: { language: 'ts', code: `${column.key}: jsonb('${column.name}')` },
          };
  },
});
