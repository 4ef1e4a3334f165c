import { at, defineRule } from './rule.ts';

const notes = (policy: string) =>
  `export const notes = pgTable('notes', { id: uuid('id').primaryKey(), owner: text('owner') }, (t) => [pgPolicy('p', ${policy})]);`;

export const policyClauses = defineRule({
  id: 'policy-clauses',
  group: 'tenancy',
  severity: 'warning',
  needs: 'schema',
  title: 'A policy says which rows are read and which may be written',
  why: 'A policy for INSERT is only its WITH CHECK, and one without it allows nothing or everything; a policy that writes by USING alone is one edit away from a hole. With both, a reader sees them side by side.',
  source: 'PostgreSQL manual, CREATE POLICY',
  bad: [
    { schema: notes(`{ for: 'insert', using: sql\`true\` }`) },
    { schema: notes(`{ for: 'all', using: sql\`\${t.owner} = current_user\` }`) },
    { schema: notes(`{ for: 'select' }`) },
  ],
  good: [
    {
      schema: notes(
        `{ for: 'all', using: sql\`\${t.owner} = current_user\`, withCheck: sql\`\${t.owner} = current_user\` }`,
      ),
    },
    { schema: notes(`{ for: 'select', using: sql\`true\` }`) },
    { schema: notes(`{ for: 'insert', withCheck: sql\`true\` }`) },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const policy of table.policies) {
        const writes = /^(all|update|insert)$/.test(policy.command);
        const reads = policy.command !== 'insert';
        const { location } = policy;
        const object = at(table, policy.name);
        if (reads && policy.using === undefined)
          yield { object, message: `is for ${policy.command} without USING`, location };
        if (writes && policy.withCheck === undefined)
          yield {
            object,
            message:
              policy.using === undefined || policy.command === 'insert'
                ? `is for ${policy.command} without WITH CHECK`
                : `is for ${policy.command} without WITH CHECK: USING is taken for what is written too`,
            severity: policy.command === 'insert' ? 'warning' : 'info',
            location,
          };
      }
  },
});
