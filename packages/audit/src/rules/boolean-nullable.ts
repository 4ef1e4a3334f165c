import { at, defineRule } from './rule.ts';

export const booleanNullable = defineRule({
  id: 'boolean-nullable',
  group: 'values',
  severity: 'warning',
  needs: 'schema',
  title: 'Booleans are NOT NULL',
  why: 'A third value that is neither true nor false matches neither `where x` nor `where not x`. If "not known" is meant, an enum says so by name.',
  source: 'PostgreSQL manual 9.1 Logical Operators (three-valued logic)',
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), isLive: boolean('is_live').default(false) });`,
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), isLive: boolean('is_live').notNull().default(false) });`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (column.baseType !== 'boolean' || column.notNull || column.isArray || column.generated)
          continue;
        if (except.includes(at(table, column))) continue;
        yield {
          object: at(table, column),
          message: 'is true, false or NULL',
          // With a default the third value is hardly intended; without one it may be.
          severity: column.default ? 'warning' : 'info',
          location: column.location,
          fix: {
            language: 'ts',
            code: `${column.key}: boolean('${column.name}').notNull().default(false)`,
          },
        };
      }
  },
});
