import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  queries: ['src/queries', 'src/ingestion', 'src/search'],
  rules: {
    'key-generator': ['error', { kinds: ['uuid'], except: ['tenants'] }],
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'tenant-scope': ['error', { column: 'tenant_id', except: ['tenants'] }],
    'row-security': ['error', { required: ['*'] }],
    'name-tables': ['error', { form: 'plural' }],
    'relation-both-ends': 'error',
  },
  waivers: [
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
