import { at, defineRule } from './rule.ts';

export const jsonTyped = defineRule({
  id: 'json-typed',
  group: 'values',
  severity: 'warning',
  needs: 'declarations',
  title: 'JSON columns say what they hold ($type)',
  why: 'Without $type the column is unknown: each reader casts it to another type, and no compiler notices when two of them differ. The type is also the only documentation of the content.',
  source: 'Drizzle documentation, jsonb().$type()',
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), extra: jsonb('extra') });`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), extra: jsonb('extra').$type<{ a: string }>().notNull() });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns)
        if (column.untypedJson)
          yield {
            object: at(table, column),
            message: 'is JSON of unknown content',
            location: column.location,
            fix: {
              language: 'ts',
              code: `${column.key}: ${column.baseType}('${column.name}').$type<…>()`,
            },
          };
  },
});
