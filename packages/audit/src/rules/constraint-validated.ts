import { defineRule } from './rule.ts';

export const constraintValidated = defineRule({
  id: 'constraint-validated',
  group: 'database',
  severity: 'warning',
  needs: 'catalog',
  title: 'Constraints are validated',
  why: 'A NOT VALID constraint holds only for new rows, and the planner may not rely on it. It is half of a migration whose other half was forgotten, and the old rows still break it.',
  source: 'PostgreSQL manual, ALTER TABLE: VALIDATE CONSTRAINT',
  bad: [
    {
      sql: `create table a (id int primary key, b int); alter table a add constraint a_b_check check (b > 0) not valid;`,
    },
  ],
  good: [{ sql: `create table a (id int primary key, b int check (b > 0));` }],
  *check({ model, catalog }) {
    for (const { table, name } of catalog?.unvalidated ?? [])
      yield {
        object: `${table}.${name}`,
        message: 'is NOT VALID',
        location: model.tables.find(({ id }) => id === table)?.location,
        fix: { language: 'sql', code: `alter table ${table} validate constraint "${name}";` },
      };
  },
});
