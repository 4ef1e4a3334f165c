import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  queries: ['src/queries'],
  rules: {
    'key-generator': ['error', { kinds: ['nanoid'] }],
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'secret-sealed': [
      'error',
      { secrets: ['keys.value', 'connectors.env'], except: ['tasks.lease_token'] },
    ],
    'name-tables': ['error', { form: 'plural', except: ['daily_usage'] }],
    'name-constraints': ['error', { foreignKeys: true, endings: ['_key', '_idx'] }],
    'zod-schemas': ['error', { always: true }],
    'relation-both-ends': 'error',
  },
  waivers: [
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
      at: 'tasks',
      reason: 'The select that other queries are built from; each ends in a key or a limit.',
    },
  ],
});
