import { defineRule } from './rule.ts';

export const tableBloat = defineRule({
  id: 'table-bloat',
  group: 'database',
  severity: 'warning',
  needs: 'catalog',
  title: 'Dead rows are cleaned up',
  why: 'Every scan reads dead rows too, and a table that is half dead is read twice as slowly from twice the memory. Either autovacuum is set too lazily for this table, or an old transaction or slot keeps it from its work.',
  source: 'PostgreSQL manual 24.1 Routine Vacuuming',
  options: { minDead: 10_000, share: 0.2 },
  bad: [
    {
      sql: `create table a (id int primary key, b int) with (autovacuum_enabled = off); insert into a select n, n from generate_series(1, 500) n; update a set b = b + 1;`,
      options: { minDead: 100 },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key, b int) with (autovacuum_enabled = off); insert into a select n, n from generate_series(1, 500) n; update a set b = b + 1 where id < 20;`,
      options: { minDead: 10 },
    },
  ],
  *check({ model, catalog }, { minDead, share }) {
    for (const { id, deadRows, rows } of catalog?.tables ?? [])
      if (deadRows >= minDead && deadRows > (rows + deadRows) * share)
        yield {
          object: id,
          message: `${deadRows} dead rows beside ${rows} live ones`,
          location: model.tables.find((table) => table.id === id)?.location,
          fix: {
            language: 'sql',
            code: `vacuum (analyze) ${id};\nalter table ${id} set (autovacuum_vacuum_scale_factor = 0.02);`,
          },
        };
  },
});
