import { literally } from '../model/pattern.ts';
import { at, defineRule, matches } from './rule.ts';
import { wordsOf } from './words.ts';

const KINDS = new Set([
  'status',
  'state',
  'type',
  'kind',
  'role',
  'category',
  'mode',
  'level',
  'priority',
  'visibility',
  'severity',
]);

export const enumByData = defineRule({
  id: 'enum-by-data',
  group: 'values',
  severity: 'info',
  needs: 'catalog',
  title: 'A text column with a handful of values is an enum or has a CHECK',
  why: 'When a status column of a large table holds four values, it is an undeclared fixed set, and the fifth will be a misspelling. The statistics of the table hold their number.',
  source: 'PostgreSQL manual 8.7 Enumerated Types; pg_stats.n_distinct',
  perTable: true,
  options: { minRows: 1000, maxValues: 12, except: [] as string[] },
  bad: [
    {
      sql: `create table a (id int primary key, status text); insert into a select n, case when n % 3 = 0 then 'open' else 'done' end from generate_series(1, 300) n; analyze a;`,
      options: { minRows: 100 },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key, status text check (status in ('open', 'done')), note text); insert into a select n, 'open', 'same' from generate_series(1, 300) n; analyze a;`,
      options: { minRows: 100 },
    },
  ],
  *check({ model, catalog }, { minRows, maxValues, except }) {
    for (const { table: id, column: name, distinct, commonValues } of catalog?.statistics ?? []) {
      const table = model.tables.find((candidate) => candidate.id === id);
      const rows = catalog?.tables.find((candidate) => candidate.id === id)?.rows ?? 0;
      if (!table || rows < minRows || distinct < 1 || distinct > maxValues) continue;
      if (!wordsOf(name).some((word) => KINDS.has(word)) || matches(except, at(table, name)))
        continue;
      if (table.checks.some(({ text }) => new RegExp(`\\b${literally(name)}\\b`).test(text)))
        continue;
      yield {
        object: at(table, name),
        message: `holds ${distinct} values in ${rows} rows: ${commonValues.slice(0, 6).join(', ')}`,
        location: table.columns.find((column) => column.name === name)?.location,
      };
    }
  },
});
