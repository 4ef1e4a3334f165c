import { defineRule } from './rule.ts';

export const indexInvalid = defineRule({
  id: 'index-invalid',
  group: 'database',
  severity: 'error',
  needs: 'catalog',
  title: 'Every index is valid',
  why: 'An interrupted CREATE INDEX CONCURRENTLY leaves an index that every write maintains and no query uses. IF NOT EXISTS then skips it for ever, and a unique one enforces nothing for the rows it missed.',
  source: 'PostgreSQL manual, CREATE INDEX: Building Indexes Concurrently',
  bad: [
    {
      sql: `create table a (id int primary key, b int); create index a_b_idx on a (b); update pg_index set indisvalid = false where indexrelid = 'a_b_idx'::regclass;`,
    },
  ],
  good: [{ sql: `create table a (id int primary key, b int); create index a_b_idx on a (b);` }],
  *check({ model, catalog }) {
    for (const { name, table, valid } of catalog?.indexes ?? [])
      if (!valid)
        yield {
          object: `${table}.${name}`,
          message: 'is INVALID: no query uses it',
          location: model.tables.find(({ id }) => id === table)?.location,
          fix: { language: 'sql', code: `reindex index concurrently "${name}";` },
        };
  },
});
