import { defineRule, matches } from './rule.ts';

export const rowSecurity = defineRule({
  id: 'row-security',
  group: 'tenancy',
  severity: 'error',
  needs: 'schema',
  title: 'Row security is enabled where it is meant, with policies, and forced',
  why: 'A policy on a table without ENABLE ROW LEVEL SECURITY does nothing, and enabled without a policy it hides every row. The owner bypasses it unless it is forced, and most applications connect as the owner.',
  source: 'PostgreSQL manual 5.9 Row Security Policies',
  options: {
    /** Tables that must have it. */
    required: [] as string[],
    except: [] as string[],
  },
  bad: [
    {
      schema: `export const notes = pgTable('notes', { id: uuid('id').primaryKey() });`,
      options: { required: ['*'] },
    },
    {
      schema: `export const notes = pgTable('notes', { id: uuid('id').primaryKey() }).enableRLS();`,
      options: { required: ['*'] },
    },
    {
      sql: `create table notes (id uuid primary key); alter table notes enable row level security; create policy p on notes using (true) with check (true);`,
    },
  ],
  good: [
    {
      sql: `create table notes (id uuid primary key); alter table notes enable row level security, force row level security; create policy p on notes using (true) with check (true);`,
      options: { required: ['*'] },
    },
    {
      schema: `export const notes = pgTable('notes', { id: uuid('id').primaryKey() }, (t) => [pgPolicy('p', { using: sql\`\${t.id} is not null\`, withCheck: sql\`true\` })]);`,
      options: { required: ['*'] },
    },
    { schema: `export const notes = pgTable('notes', { id: uuid('id').primaryKey() });` },
  ],
  *check({ model, catalog }, { required, except }) {
    for (const table of model.tables) {
      if (matches(except, table.id)) continue;
      const { location } = table;
      const live = catalog?.tables.find(({ id }) => id === table.id);
      const enabled = live ? live.rowSecurity : table.rowSecurity;
      const wanted = matches(required, table.id);
      if (!enabled && (wanted || table.policies.length > 0))
        yield {
          object: table.id,
          message:
            table.policies.length > 0
              ? 'has policies, but row security is not enabled: they do nothing'
              : 'has no row security',
          location,
          fix: {
            language: 'sql',
            code: `alter table ${table.id} enable row level security, force row level security;`,
          },
        };
      if (enabled && table.policies.length === 0)
        yield {
          object: table.id,
          message: 'has row security and no policy: nobody but its owner sees a row',
          // Without policies, row security closes a table to everyone.
          severity: wanted ? 'error' : 'info',
          location,
        };
      if (live && enabled && table.policies.length > 0 && !live.forced)
        yield {
          object: table.id,
          message: 'does not force row security: its owner sees every row',
          severity: wanted ? 'error' : 'warning',
          location,
          fix: { language: 'sql', code: `alter table ${table.id} force row level security;` },
        };
    }
  },
});
