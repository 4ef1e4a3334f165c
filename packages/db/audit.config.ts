import { defineAudit } from '@reference/audit/config';

export default defineAudit({
  queries: ['src/queries', 'src/import'],
  plans: async () => (await import('./test/plans/audit-plans.ts')).plans,
  rules: {
    'key-generator': [
      'error',
      {
        kinds: ['cuid2'],
        except: [
          'billing_events',
          'audit_heads',
          'audit_entries',
          'audit_pseudonyms',
          'page_versions',
          'rate_limits',
          'idempotency_keys',
          'cron_jobs',
          'outbox_events',
          'dead_events',
          'inbox_messages',
        ],
      },
    ],
    'row-times': ['error', { always: true }],
    'timestamp-precision': 'error',
    'soft-delete-time': ['error', { content: ['drives', 'pages'] }],
    'secret-sealed': ['error', { checkHashes: true }],
    'name-tables': ['error', { form: 'plural', except: ['channel_read_status'] }],
    'name-junctions': ['error', { except: ['channel_read_status', 'page_views'] }],
    'name-constraints': ['error', { foreignKeys: true, endings: ['_key', '_idx'] }],
    'zod-schemas': ['error', { always: true }],
    'name-booleans': 'error',
    'name-times': 'error',
    'default-nullable': 'error',
    'relation-both-ends': 'error',
  },
  waivers: [
    {
      rule: 'soft-reference',
      at: 'inbox_messages.messageId',
      reason: 'The id that another system gave its message, which no table here holds.',
    },
    {
      rule: 'soft-reference',
      at: 'audit_*.*',
      reason:
        'The audit trail outlives what it tells about, so its ids refer to rows that may be gone.',
    },
    {
      rule: 'soft-reference',
      at: '*_logs.*',
      reason: 'A log outlives what it tells about, so its ids refer to rows that may be gone.',
    },
    {
      rule: 'soft-reference',
      at: 'api_metrics.userId',
      reason: 'A measurement outlives the account that it was taken for.',
    },
    {
      rule: 'soft-delete-unique',
      at: 'drives.drives_ownerId_slug_key',
      reason: 'A drive in the trash keeps its address, so that restoring it never fails.',
    },
    {
      rule: 'soft-delete-unique',
      at: 'pages.pages_driveId_filePath_import_key',
      reason:
        'A second import must find the page of a file in the trash too, and not make another.',
    },
    {
      rule: 'name-booleans',
      at: 'ai_usage_logs.success',
      reason: 'The column’s name is given by the schema that this package implements.',
    },
    {
      rule: 'name-booleans',
      at: 'subscriptions.cancelAtPeriodEnd',
      reason: 'Stripe’s own name, as it is in every webhook.',
    },
    {
      rule: 'query-unbounded',
      at: 'store.loadImported',
      reason: 'An import compares the whole folder with all pages that came from it before.',
    },
    {
      rule: 'query-unbounded',
      at: 'favorites.addFavorite',
      reason: 'One row, by the person and what is favoured; the condition is built beside it.',
    },
  ],
});
