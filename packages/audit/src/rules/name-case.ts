import { at, defineRule } from './rule.ts';

const caseOf = (name: string): 'snake' | 'camel' | 'other' | undefined => {
  if (/^[a-z][a-z0-9]*$/.test(name)) return undefined;
  if (/^[a-z0-9_]+$/.test(name)) return 'snake';
  return /^[a-z][A-Za-z0-9]*$/.test(name) ? 'camel' : 'other';
};

export const nameCase = defineRule({
  id: 'name-case',
  group: 'names',
  severity: 'warning',
  needs: 'schema',
  title: 'Columns are written in one case',
  why: 'A camelCase column must be quoted in every statement written by hand, a snake_case one need not be; with both, each query is a guess. One table in two cases is mostly a name that was left out in Drizzle, so that the property’s name became the column’s.',
  source: 'PostgreSQL manual 4.1.1 Identifiers and Key Words',
  bad: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), firstName: text('first_name'), middleName: text('middle_name'), lastName: text() });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), x: text('Full Name') });`,
    },
    {
      schema: `export const user = pgTable('User', { id: text('id').primaryKey(), firstName: text('firstName'), auth_id: text('auth_id') });`,
    },
  ],
  good: [
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), firstName: text('first_name'), lastName: text('last_name') });`,
    },
    {
      schema: `export const a = pgTable('a', { id: text('id').primaryKey(), firstName: text(), lastName: text() });`,
    },
    {
      schema: `export const notes = pgTable('notes', { id: text('id').primaryKey(), firstLine: text('firstLine'), lastLine: text('lastLine') });
export const a = pgTable('a', { id: text('id').primaryKey(), first_name: text('first_name'), last_name: text('last_name'), full_name: text('full_name') });`,
    },
  ],
  *check({ model }) {
    const counts = { snake: 0, camel: 0, other: 0 };
    for (const { columns } of model.tables)
      for (const { name } of columns) {
        const written = caseOf(name);
        if (written) counts[written] += 1;
      }
    for (const table of model.tables) {
      const own = table.columns.map(({ name }) => caseOf(name));
      const snakes = own.filter((written) => written === 'snake').length;
      const camels = own.filter((written) => written === 'camel').length;
      // A whole table in another case is intended, mostly a library's. A column is odd if it
      // differs from the table's other columns, or from other tables if these are even.
      const mixed = snakes > 0 && camels > 0;
      const all = snakes === camels ? [counts.snake, counts.camel] : [snakes, camels];
      const main = (all[0] ?? 0) >= (all[1] ?? 0) ? 'snake' : 'camel';
      for (const column of table.columns) {
        const written = caseOf(column.name);
        if (written === undefined || (written !== 'other' && (written === main || !mixed)))
          continue;
        yield {
          object: at(table, column),
          message:
            written === 'other'
              ? 'needs quotes: it is neither snake_case nor camelCase'
              : `is ${written === 'snake' ? 'snake_case' : 'camelCase'} among ${main === 'snake' ? 'snake_case' : 'camelCase'} columns`,
          severity: written === 'other' ? 'info' : 'warning',
          location: column.location,
        };
      }
    }
  },
});
