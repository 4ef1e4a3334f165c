import { defineRule, matches } from './rule.ts';

export const indexUnused = defineRule({
  id: 'index-unused',
  group: 'database',
  severity: 'info',
  needs: 'catalog',
  title: 'Indexes are used',
  why: 'An index that nothing reads is written by every insert and most updates, and turns HOT updates into full ones. Before it goes: the statistics must cover a whole cycle of the application, and each replica counts for itself.',
  source: 'PostgreSQL manual 27.2 pg_stat_user_indexes',
  options: {
    except: [] as string[],
    /** Below this many rows an index costs too little to matter. */
    minRows: 10_000,
    /** The least days of collected statistics. */
    minDays: 7,
  },
  bad: [
    {
      sql: `create table a (id int primary key, b int); create index a_b_idx on a (b); insert into a select n, n from generate_series(1, 200) n; analyze a;`,
      options: { minRows: 100, minDays: 0 },
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key, b int); create index a_b_idx on a (b); insert into a select n, n from generate_series(1, 200) n; analyze a;`,
      options: { minRows: 1000, minDays: 0 },
    },
    {
      sql: `create table a (id int primary key, b int unique); insert into a select n, n from generate_series(1, 200) n; analyze a;`,
      options: { minRows: 100, minDays: 0 },
    },
  ],
  *check({ model, catalog }, { except, minRows, minDays }) {
    const days = catalog?.statisticsDays ?? 0;
    if (days < minDays) return;
    for (const { name, table, scans, unique, constraint, valid, bytes } of catalog?.indexes ?? []) {
      const rows = catalog?.tables.find(({ id }) => id === table)?.rows ?? 0;
      if (scans > 0 || unique || constraint || !valid || rows < minRows || matches(except, name))
        continue;
      // Deletes of the parent use the index of a foreign key, and may be rare.
      yield {
        object: `${table}.${name}`,
        message: `has not been used in ${days.toFixed(days < 2 ? 1 : 0)} days of statistics (${Math.round(bytes / 1024)} kB)`,
        location: model.tables.find(({ id }) => id === table)?.location,
        fix: { language: 'sql', code: `drop index concurrently "${name}";` },
      };
    }
  },
});
