import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  queries: ['src/queries'],
  plans: async () => (await import('./test/plans/audit-plans.ts')).plans,
  rules: {
    'key-generator': ['error', { kinds: ['nanoid'] }],
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'secret-sealed': [
      'error',
      { secrets: ['keys.value', 'connectors.env'], except: ['tasks.lease_token'] },
    ],
    // A lease's token fences a worker off; it opens nothing.
    'secret-sampled': ['error', { except: ['tasks.lease_token'] }],
    'query-scope': ['error', { column: 'user_id', helpers: ['liveTask'] }],
    'name-tables': ['error', { form: 'plural', except: ['daily_usage'] }],
    'name-constraints': ['error', { foreignKeys: true, endings: ['_key', '_idx'] }],
    'zod-schemas': ['error', { always: true }],
    'name-booleans': 'error',
    'name-times': 'error',
    'default-nullable': 'error',
    'relation-both-ends': 'error',
  },
  waivers: [
    {
      rule: 'query-scope',
      at: 'task-claims.take',
      reason: 'A worker takes the next task of any user; nobody asks it for their own.',
    },
    {
      rule: 'name-booleans',
      at: 'tasks.*',
      reason:
        'Names of the API that agents call (installDependencies, keepAlive): imperatives, not states.',
    },
    {
      rule: 'query-unbounded',
      at: 'accounts.listAccounts',
      reason: 'One account at most for each of the few providers, by a unique key.',
    },
    {
      rule: 'query-unbounded',
      at: 'keys.listKeys',
      reason: 'One key at most for each of the few providers, by a unique key.',
    },
    {
      rule: 'query-unbounded',
      at: 'tasks.taskById',
      reason: 'One row, by its key; the condition is built beside it.',
    },
  ],
});
