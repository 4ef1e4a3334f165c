import { at, defineRule } from './rule.ts';

const notes = (using: string) =>
  `export const notes = pgTable('notes', { id: uuid('id').primaryKey(), owner: text('owner') }, (t) => [pgPolicy('p', { for: 'select', using: sql\`${using}\` })]);`;

const CALL = /\b(?:auth\.(?:uid|jwt|role|email|user_id)|current_setting)\s*\(/gi;

/** True if each call is in a scalar subquery, which is evaluated once. */
const wrapped = (text: string): boolean =>
  [...text.matchAll(CALL)].every(({ index }) => {
    let depth = 0;
    for (let place = index - 1; place >= 0; place -= 1) {
      if (text[place] === ')') depth += 1;
      if (text[place] !== '(') continue;
      if (depth > 0) depth -= 1;
      else if (/^\(\s*select\b/i.test(text.slice(place))) return true;
    }
    return false;
  });

export const policyOnce = defineRule({
  id: 'policy-once',
  group: 'tenancy',
  severity: 'warning',
  needs: 'schema',
  title: 'A policy determines the caller once per statement, not per row',
  why: 'A bare call is evaluated for every row that a scan looks at, which turns a list of a second into one of minutes. In `(select …)` it becomes an InitPlan that runs once; `= call()` on an indexed column that is always the index condition is the one exception.',
  source: 'Supabase documentation, RLS performance; PostgreSQL manual 14.1 (InitPlan)',
  bad: [
    { schema: notes('${t.owner} = auth.uid()') },
    { schema: notes(`\${t.owner} = current_setting('app.user', true)`) },
  ],
  good: [
    { schema: notes('${t.owner} = (select auth.uid())') },
    { schema: notes(`\${t.owner} = (select nullif(current_setting('app.user', true), ''))`) },
  ],
  *check({ model }) {
    for (const table of model.tables)
      for (const policy of table.policies)
        for (const [clause, text] of [
          ['USING', policy.using],
          ['WITH CHECK', policy.withCheck],
        ] as const)
          if (clause === 'USING' && text !== undefined && !wrapped(text))
            yield {
              object: at(table, policy.name),
              message: `${clause} calls a function for each row`,
              location: policy.location,
              fix: {
                language: 'sql',
                code: text
                  .replace(CALL, '(select $&')
                  .replace(/\(select ([^()]*\([^()]*\))/g, '(select $1)'),
              },
            };
  },
});
