import { defineRule } from './rule.ts';

export const statisticsStale = defineRule({
  id: 'statistics-stale',
  group: 'database',
  severity: 'warning',
  needs: 'catalog',
  title: 'The planner’s statistics exist and are current',
  why: 'Without statistics the planner takes any table for ten pages, and with old ones it plans for the data of last month. A restore or a bulk load leaves a table without any until ANALYZE runs.',
  source: 'PostgreSQL manual 14.2 Statistics Used by the Planner',
  options: { minRows: 10_000, share: 0.5 },
  bad: [
    {
      sql: `create table a (id int primary key) with (autovacuum_enabled = off); insert into a select n from generate_series(1, 500) n;`,
      options: { minRows: 100 },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key) with (autovacuum_enabled = off); insert into a select n from generate_series(1, 500) n; analyze a;`,
      options: { minRows: 100 },
    },
  ],
  *check({ model, catalog }, { minRows, share }) {
    for (const { id, rows, analyzed, modifiedSinceAnalyze, partitioned } of catalog?.tables ?? []) {
      const stale = analyzed && modifiedSinceAnalyze > rows * share;
      if (rows < minRows || partitioned || (analyzed && !stale)) continue;
      yield {
        object: id,
        message: analyzed
          ? `${modifiedSinceAnalyze} changes since its last ANALYZE, of ${rows} rows`
          : 'was never analyzed',
        location: model.tables.find((table) => table.id === id)?.location,
        fix: { language: 'sql', code: `analyze ${id};` },
      };
    }
  },
});
