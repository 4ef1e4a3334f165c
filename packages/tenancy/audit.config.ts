import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  queries: ['src/queries', 'src/ingestion', 'src/search'],
  plans: async () => (await import('./test/plans/audit-plans.ts')).plans,
  rules: {
    'key-generator': ['error', { kinds: ['uuid'], except: ['tenants'] }],
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'tenant-scope': ['error', { column: 'tenant_id', except: ['tenants'] }],
    'row-security': ['error', { required: ['*'] }],
    'name-tables': ['error', { form: 'plural' }],
    'zod-schemas': ['error', { always: true }],
    'name-booleans': 'error',
    'name-times': 'error',
    'default-nullable': 'error',
    'relation-both-ends': 'error',
  },
  waivers: [
    {
      rule: 'zod-schemas',
      at: 'messages',
      reason: 'A message is never changed, and an update schema would promise that it can be.',
    },
    {
      rule: 'zod-schemas',
      at: 'document_chunks',
      reason: 'Chunks are replaced with their document, never changed one by one.',
    },
    {
      rule: 'policy-once',
      at: '*_tenant_isolation',
      reason:
        'An equality on the leading column of every index is the index condition, evaluated once; a distributed Postgres refuses the subquery.',
    },
    {
      rule: 'query-raw',
      at: 'documents.ts:*',
      reason:
        'One of four statuses, checked by its schema; only as a literal does the partial index serve.',
    },
  ],
});
