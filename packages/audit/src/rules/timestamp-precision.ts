import { at, defineRule } from './rule.ts';

export const timestampPrecision = defineRule({
  id: 'timestamp-precision',
  group: 'times',
  severity: 'info',
  needs: 'schema',
  title: 'Timestamps that become a Date have precision 3',
  why: 'A Date holds milliseconds, PostgreSQL microseconds: a cursor or a comparison built from a Date misses the row that it was read from. Precision 3 rounds once, at the write, and both sides agree ever after.',
  source: 'measured here: keyset pages by Date over timestamptz(6) skip or repeat rows',
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), at: timestamp('at', { withTimezone: true }) });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), at: timestamp('at', { withTimezone: true, precision: 3 }) });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), at: timestamp('at', { withTimezone: true, mode: 'string' }) });`,
    },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (!/^timestamp/.test(column.baseType)) continue;
        if (column.precision !== undefined && column.precision <= 3) continue;
        if (/mode:\s*['"]string['"]/.test(column.source ?? '')) continue;
        yield {
          object: at(table, column),
          message: `keeps ${column.precision === undefined ? 'microseconds' : `${column.precision} digits of a second`}, which a Date loses`,
          location: column.location,
          fix: {
            language: 'ts',
            code: `timestamp('${column.name}', { withTimezone: true, precision: 3 })`,
          },
        };
      }
  },
});
