import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  drizzle: 'src/drizzle.config.ts',
  queries: ['src/queries', 'src/connectors', 'src/maintenance'],
  plans: async () => (await import('./test/plans/audit-plans.ts')).plans,
  rules: {
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'name-tables': ['error', { form: 'plural' }],
    'name-constraints': ['error', { foreignKeys: true, endings: ['_key', '_idx'] }],
    'zod-schemas': ['error', { always: true }],
    'name-booleans': 'error',
    'name-times': 'error',
    'default-nullable': 'error',
    'relation-both-ends': 'error',
  },
  waivers: [
    {
      rule: 'name-booleans',
      at: 'github_*',
      reason: 'GitHub’s own names (draft, locked, merged), as its API and webhooks have them.',
    },
    {
      rule: 'query-raw',
      at: 'activity.queries.ts:*',
      reason:
        'The name of a source and a number, both from a list of this package and of no caller.',
    },
  ],
});
