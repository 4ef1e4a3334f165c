/** A few files that a project takes into its own source folder, with everything they import. */
export interface Piece {
  readonly kind: 'piece';
  readonly name: string;
  readonly description: string;
  /** The first files of the import closure, from the root of this repository. */
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Statements of its migration that drizzle-kit cannot make, before and after its own. */
  readonly around?: Around;
}

export interface Around {
  /** The table that they accompany. */
  readonly table: string;
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** A file of further statements for the end, such as functions and triggers. */
  readonly file?: string;
}

/** A whole package with the packages of this repository that it names. */
export interface WholePackage {
  readonly kind: 'package';
  readonly name: string;
  readonly description: string;
  readonly folder: string;
  /**
   * Migrations whose effects no dump of a database holds, copied unchanged into the squashed one.
   */
  readonly verbatim?: { readonly first: readonly string[]; readonly last: readonly string[] };
}

export type Item = Piece | WholePackage;

const kit = (name: string) => `packages/kit/src/${name}.ts`;
const kitTest = (name: string) => `packages/kit/test/${name}.test.ts`;
const db = (name: string) => `packages/db/src/queries/${name}.ts`;
const dbTest = (name: string) => `packages/db/test/${name}.test.ts`;
const portable = (name: string) => `packages/take/portable/${name}.ts`;

const pieces: readonly Omit<Piece, 'kind'>[] = [
  {
    name: 'keyset',
    description: 'Keyset pages: opaque cursors, both directions, nullable and mixed orders.',
    files: [kit('keyset'), kit('list-page')],
    tests: [kitTest('keyset')],
  },
  {
    name: 'sealed-secrets',
    description: 'Secrets at rest: AES-256-GCM bound to their row, key rotation, a CHECK.',
    files: [kit('sealing'), kit('sealed-column')],
    tests: [kitTest('sealing')],
  },
  {
    name: 'tokens',
    description: 'Bearer tokens: issued once, stored as a hash.',
    files: [kit('tokens')],
    tests: [kitTest('tokens')],
  },
  {
    name: 'transactions',
    description: 'Transactions that run again after a deadlock or a serialization failure.',
    files: [portable('database')],
    tests: ['packages/take/test/transaction.test.ts'],
  },
  {
    name: 'refresh-tokens',
    description: 'Refresh tokens that rotate, with reuse detection; their tables and queries.',
    files: [db('auth/refresh-tokens')],
    tests: [dbTest('auth/refresh-tokens')],
  },
  {
    name: 'outbox',
    description: 'Events written with their change and delivered at least once, in order by key.',
    files: [kit('outbox'), kit('outbox-relay'), kit('outbox-retention'), kit('tables/dead-events')],
    tests: [dbTest('events/outbox')],
  },
  {
    name: 'inbox',
    description: 'A message that arrives twice is applied once.',
    files: [kit('inbox')],
    tests: [dbTest('events/inbox')],
  },
  {
    name: 'webhooks',
    description: 'Webhooks signed and verified as Standard Webhooks has it, with a replay window.',
    files: [kit('webhooks')],
    tests: [dbTest('events/webhooks')],
  },
  {
    name: 'idempotency',
    description: 'A request that is sent twice has one effect and one answer.',
    files: [kit('idempotency')],
    tests: [dbTest('requests/idempotency')],
  },
  {
    name: 'rate-limit',
    description: 'Sliding-window limits that all servers share, one statement a request.',
    files: [kit('rate-limit')],
    tests: [dbTest('requests/rate-limit')],
  },
  {
    name: 'cron',
    description: 'Recurring jobs that one of many servers runs.',
    files: [kit('cron')],
    tests: [dbTest('requests/cron')],
  },
  {
    name: 'audit-trail',
    description: 'Who did what, append-only: a hash chain for each scope that shows every change.',
    files: [
      portable('queries/audit-trail'),
      'packages/db/src/queries/audit/retention.ts',
      'packages/db/src/queries/audit/verify.ts',
    ],
    tests: ['packages/take/portable/audit-trail.test.ts'],
    around: {
      table: 'audit_entries',
      first: [],
      last: [],
      file: 'packages/take/portable/schema/audit-trail.sql',
    },
  },
  {
    name: 'share-links',
    description: 'Links that open one resource without an account: hashed, counted, with an end.',
    files: [portable('queries/share-links')],
    tests: ['packages/take/portable/share-links.test.ts'],
  },
  {
    name: 'text-versions',
    description: 'Former versions of a text as patches: history, difference, retention.',
    files: [portable('queries/text-versions')],
    tests: ['packages/take/portable/text-versions.test.ts'],
  },
  {
    name: 'recent-views',
    description: 'What each person viewed last.',
    files: [portable('queries/recent-views')],
    tests: ['packages/take/portable/recent-views.test.ts'],
  },
  {
    name: 'personal-data',
    description: "A person's rows exported and erased by a plan that the catalog is held against.",
    files: [kit('personal-data'), kit('personal-plan')],
    tests: [kitTest('personal-data')],
  },
  {
    name: 'canonical-json',
    description: 'One text for one JSON value, to hash and compare.',
    files: [kit('canonical-json')],
    tests: [kitTest('canonical-json')],
  },
  {
    name: 'bulk-upsert',
    description: 'Inserts or updates any number of rows, and writes none that is unchanged.',
    files: [kit('upsert-rows')],
    tests: [kitTest('upsert-rows')],
  },
  {
    name: 'hybrid-search',
    description: 'Search by words (BM25) and by vector (pgvector), fused by rank.',
    files: [portable('queries/hybrid-search')],
    tests: ['packages/take/portable/hybrid-search.test.ts'],
    around: {
      table: 'document_chunks',
      first: ['CREATE EXTENSION IF NOT EXISTS vector;'],
      // A vector stored out of line would be fetched for every row that a scan compares.
      last: [
        'ALTER TABLE "document_chunks" ALTER COLUMN "embedding" SET STORAGE PLAIN;',
        'ALTER TABLE "document_chunks" SET (toast_tuple_target = 8160);',
      ],
    },
  },
];

const packages: readonly Omit<WholePackage, 'kind'>[] = [
  {
    name: 'kit',
    folder: 'packages/kit',
    description: 'Client, errors, transactions, keyset pages, bulk writes, sealed values.',
  },
  {
    name: 'migrator',
    folder: 'packages/migrator',
    description: 'Runs, reverses, reviews and verifies migrations of drizzle-kit.',
  },
  {
    name: 'audit',
    folder: 'packages/audit',
    description: 'Checks a Drizzle schema, its queries, its live catalog and its plans.',
  },
  {
    name: 'local-postgres',
    folder: 'tooling/local-postgres',
    description: 'A Postgres for tests: Docker, a given server, or embedded.',
  },
  {
    name: 'tasks',
    folder: 'packages/tasks',
    description: 'Tasks of coding agents: user-scoped data and sealed secrets.',
  },
  {
    name: 'db',
    folder: 'packages/db',
    description: 'A knowledge workspace: drives, pages, chat, permissions, members.',
  },
  {
    name: 'postgres',
    folder: 'packages/postgres',
    description: "Connectors: mirrors of vendors' objects, bulk upserts, sync.",
  },
  {
    name: 'tenancy',
    folder: 'packages/tenancy',
    description: 'Tenants behind row security, documents, pgvector.',
    verbatim: { first: ['0001_application_role'], last: ['0005_leakproof_text_match'] },
  },
];

/** Every item. To add a piece, add one entry to `pieces`. */
export const items: readonly Item[] = [
  ...pieces.map((piece): Item => ({ kind: 'piece', ...piece })),
  ...packages.map((whole): Item => ({ kind: 'package', ...whole })),
];

/**
 * Replacements for files that a piece must not bring along: the same exports on plain Drizzle, for
 * any driver, instead of this repository's client and test server.
 */
export const standIns: Readonly<Record<string, string>> = {
  [kit('transaction')]: portable('database'),
  [kit('database')]: portable('database'),
  [kit('constraints')]: portable('database'),
  [kit('execute-rows')]: portable('database'),
  [kit('sqlstate')]: portable('database'),
  'packages/db/src/database.ts': portable('database'),
  'packages/db/src/schema/audit.ts': portable('schema/audit-trail'),
  'packages/db/src/queries/audit/entry-hash.ts': portable('queries/audit-entry-hash'),
  'packages/db/src/schema/core/page-versions.ts': portable('schema/text-versions'),
  'packages/db/src/queries/rows.ts': portable('database'),
  'packages/kit/test/open-database.ts': portable('test-database'),
  'packages/db/test/workspace.ts': portable('test-database'),
  'packages/db/test/racers.ts': portable('test-database'),
  'packages/db/src/client.ts': portable('test-database'),
  'tooling/local-postgres/src/capabilities.ts': portable('test-database'),
};
