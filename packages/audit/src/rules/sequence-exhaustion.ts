import { defineRule } from './rule.ts';

export const sequenceExhaustion = defineRule({
  id: 'sequence-exhaustion',
  group: 'database',
  severity: 'error',
  needs: 'catalog',
  title: 'No sequence is near its end',
  why: 'When an integer key is used up, every insert fails at once, and the change to bigint rewrites the table under an exclusive lock. With three quarters gone there is still time to do it in steps.',
  source: 'PostgreSQL manual 8.1.1 Integer Types',
  options: { share: 0.75 },
  bad: [
    { sql: `create table a (id serial primary key); select setval('a_id_seq', 2000000000);` },
    {
      sql: `create sequence short maxvalue 10; select setval('short', 9);`,
    },
  ],
  good: [{ sql: `create table a (id serial primary key); select setval('a_id_seq', 1000);` }],
  *check({ model, catalog }, { share }) {
    for (const { name, feeds, last, max } of catalog?.sequences ?? []) {
      if (last / max < share) continue;
      const [tableName] = (feeds ?? '').split('.');
      yield {
        object: feeds ?? name,
        message: `${name} stands at ${last} of ${max} (${Math.round((last / max) * 100)} %)`,
        location: model.tables.find((table) => table.name === tableName)?.location,
        fix: {
          language: 'sql',
          code: `-- a bigint column beside, kept equal by a trigger, filled in batches, then swapped`,
        },
      };
    }
  },
});
