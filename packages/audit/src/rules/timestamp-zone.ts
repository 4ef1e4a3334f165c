import { at, defineRule } from './rule.ts';

export const timestampZone = defineRule({
  id: 'timestamp-zone',
  group: 'times',
  severity: 'warning',
  needs: 'schema',
  title: 'Points in time are timestamps with time zone',
  why: 'A timestamp without zone names a different moment for each reader. Drizzle reads it as UTC while now() writes the session’s time, and the two differ as soon as a server or a client has another setting.',
  source: 'PostgreSQL manual 8.5.1.3 Time Stamps; wiki.postgresql.org Don’t Do This',
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), createdAt: timestamp('created_at').notNull().defaultNow() });`,
    },
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), seen: timestamp('seen', { precision: 3 }) });`,
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(), born: date('born') });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns)
        if (/^timestamp( without time zone)?$/.test(column.baseType))
          yield {
            object: at(table, column),
            message: 'is a timestamp without time zone',
            location: column.location,
            fix: {
              language: 'ts',
              code: `${column.key}: timestamp('${column.name}', { withTimezone: true, precision: 3 })`,
            },
          };
  },
});
