import { defineRule } from './rule.ts';

export const indexWriteHeavy = defineRule({
  id: 'index-write-heavy',
  group: 'database',
  severity: 'info',
  needs: 'catalog',
  title: 'Tables written far more than read have few indexes',
  why: 'Each index is one more write for each insert, and a log table with six of them is mostly writing indexes. A BRIN index on the time, or none beside the key, keeps such a table cheap.',
  source: 'PostgreSQL manual 67.5 BRIN Indexes',
  options: { minWrites: 100_000, ratio: 100, indexes: 3 },
  bad: [
    {
      sql: `create table a (id int primary key, b int, c int); create index a_b_idx on a (b); create index a_c_idx on a (c); insert into a select n, n, n from generate_series(1, 500) n;`,
      options: { minWrites: 100, ratio: 10, indexes: 3 },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key, b int); create index a_b_idx on a (b); insert into a select n, n from generate_series(1, 500) n;`,
      options: { minWrites: 100, ratio: 10, indexes: 3 },
    },
  ],
  *check({ model, catalog }, { minWrites, ratio, indexes }) {
    for (const table of catalog?.tables ?? []) {
      const writes = table.inserts + table.updates + table.deletes;
      const reads = table.sequentialScans + table.indexScans;
      const own = catalog?.indexes.filter((index) => index.table === table.id) ?? [];
      if (writes < minWrites || writes < reads * ratio || own.length < indexes) continue;
      yield {
        object: table.id,
        message: `was written ${writes} times and read ${reads} times, and has ${own.length} indexes`,
        location: model.tables.find(({ id }) => id === table.id)?.location,
      };
    }
  },
});
