import type { Column, Table } from '../model/model.ts';
import { literally } from '../model/pattern.ts';
import { at, defineRule } from './rule.ts';

const checkOf = (table: Table, column: Column): string | undefined =>
  table.checks.find(({ text }) => new RegExp(`"?\\b${literally(column.name)}\\b"?`).test(text))
    ?.text;

const hasSet = (text: string): boolean => /\bin\s*\(|=\s*any|similar to|~/i.test(text);

export const enumFixedSet = defineRule({
  id: 'enum-fixed-set',
  group: 'values',
  severity: 'warning',
  needs: 'declarations',
  title: 'A fixed set of values is one to the database too',
  why: 'text({ enum }) is a type only in TypeScript: another program, a migration or a person with psql can write any text, and the type is then wrong for every reader. A Postgres enum or a CHECK rejects the value at the write.',
  source:
    'Drizzle documentation, text({ enum }): “does not check runtime values”; PostgreSQL manual 8.7',
  perTable: true,
  options: { except: [] as string[] },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), state: text('state', { enum: ['draft', 'live'] }).notNull() });`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), state: varchar('state', { length: 10, enum: ['draft', 'live'] }) }, (t) => [check('posts_state_check', sql\`length(\${t.state}) > 1\`)]);`,
    },
  ],
  good: [
    {
      schema: `export const state = pgEnum('state', ['draft', 'live']); export const posts = pgTable('posts', { id: text('id').primaryKey(), state: state('state').notNull() });`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), state: text('state', { enum: ['draft', 'live'] }) }, (t) => [check('posts_state_check', sql\`\${t.state} in ('draft', 'live')\`)]);`,
    },
  ],
  *check({ model }, { except }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        if (!column.textValues || except.includes(at(table, column))) continue;
        const check = checkOf(table, column);
        if (check !== undefined && hasSet(check)) continue;
        const values = column.textValues.map((value) => `'${value}'`).join(', ');
        yield {
          object: at(table, column),
          message: `has ${column.textValues.length} values in TypeScript, and any text in the database`,
          location: column.location,
          fix: {
            language: 'ts',
            code: `check('${table.name}_${column.name}_check', sql\`\${t.${column.key}} in (${values})\`)`,
          },
        };
      }
  },
});
