import { at, defineRule, matches } from './rule.ts';

export const secretSampled = defineRule({
  id: 'secret-sampled',
  group: 'secrets',
  severity: 'error',
  needs: 'catalog',
  title: 'Stored secrets look hashed or sealed',
  why: 'What a column is called says nothing of what is in it: one script that writes the plain value is enough. Only the rows can tell, so some of them are looked at, and counted, never printed.',
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
