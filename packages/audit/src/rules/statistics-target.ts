import { at, defineRule } from './rule.ts';

export const statisticsTarget = defineRule({
  id: 'statistics-target',
  group: 'database',
  severity: 'warning',
  needs: 'catalog',
  title: 'Statistics of indexed columns are as fine as the default, or finer',
  why: 'The planner chooses an index by the expected number of rows, which it takes from the sample of ANALYZE; with a target of 0 it guesses. A target that was once lowered to save a minute makes the plans of a large table wrong for years.',
  source: 'PostgreSQL manual 14.2 Statistics Used by the Planner, ALTER TABLE SET STATISTICS',
  options: {
    /** The least target; PostgreSQL's default is 100. */
    least: 100,
  },
  bad: [
    {
      sql: `create table a (id int primary key, owner int); create index a_owner_idx on a (owner); alter table a alter owner set statistics 0;`,
    },
    {
      sql: `create table a (id int primary key, owner int); create index a_owner_idx on a (owner); alter table a alter owner set statistics 10;`,
    },
  ],
  good: [
    {
      sql: `create table a (id int primary key, owner int, note text); create index a_owner_idx on a (owner); alter table a alter owner set statistics 500; alter table a alter note set statistics 0;`,
    },
  ],
  *check({ model, catalog }, { least }) {
    for (const { table: id, column: name, target } of catalog?.targets ?? []) {
      const table = model.tables.find((candidate) => candidate.id === id);
      const column = table?.columns.find((candidate) => candidate.name === name);
      if (!table || !column || target >= least) continue;
      if (!table.indexes.some(({ parts }) => parts.some((part) => part.column === name))) continue;
      yield {
        object: at(table, column),
        message:
          target === 0
            ? 'has no statistics, and the planner guesses'
            : `has a statistics target of ${target}, the default is ${least}`,
        location: column.location,
        fix: {
          language: 'sql',
          code: `alter table ${id} alter column "${name}" set statistics -1;`,
        },
      };
    }
  },
});
