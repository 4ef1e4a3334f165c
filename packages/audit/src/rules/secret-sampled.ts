import { at, defineRule, matches } from './rule.ts';

export const secretSampled = defineRule({
  id: 'secret-sampled',
  group: 'secrets',
  severity: 'error',
  needs: 'catalog',
  title: 'Stored secrets look hashed or sealed',
  why: 'A column’s name proves nothing about its values, because one script may write plain ones. So this samples rows, and counts them without printing them.',
  source: 'OWASP Cryptographic Storage Cheat Sheet',
  perTable: true,
  options: { except: [] as string[] },
  bad: [
    {
      sql: `create table sessions (id text primary key, token_hash text); insert into sessions values ('1', 'plain-value-of-a-token');`,
    },
  ],
  good: [
    {
      sql: `create table sessions (id text primary key, token_hash text); insert into sessions values ('1', encode(sha256('x'), 'hex'));`,
    },
  ],
  *check({ model, catalog }, { except }) {
    for (const { table: id, column, plain, sampled } of catalog?.sampled ?? []) {
      const table = model.tables.find((candidate) => candidate.id === id);
      if (!table || plain === 0 || matches(except, at(table, column))) continue;
      yield {
        object: at(table, column),
        message: `${plain} of ${sampled} sampled values are neither hashed nor sealed`,
        location: table.columns.find(({ name }) => name === column)?.location,
      };
    }
  },
});
