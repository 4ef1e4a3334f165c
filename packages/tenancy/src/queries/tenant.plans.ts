import type { TenantTx } from '../tenant-tx.ts';
import { withTenant } from '../with-tenant.ts';
import { getConversation, listConversations } from './conversations.ts';
import { getDocument, listChunks, listDocuments } from './documents.ts';
import { type HotQuery, type PlanSample, scanOrSort } from './hot-query.ts';
import { appendMessage, listMessages } from './messages.ts';
import { searchChunks } from './search.ts';
import { requireTenant } from './tenants.ts';
import { getUser, getUserByEmail, listUsers } from './users.ts';

const asTenant =
  (work: (tx: TenantTx, sample: PlanSample) => Promise<unknown>): HotQuery['run'] =>
  (tenancy, sample) =>
    withTenant(tenancy, sample.tenantId, (tx) => work(tx, sample));

/** The queries of one tenant. */
export const tenantPlans: readonly HotQuery[] = [
  {
    name: 'requireTenant',
    run: asTenant((tx) => requireTenant(tx)),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'getUser',
    run: asTenant((tx, sample) => getUser(tx, sample)),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'getUserByEmail',
    run: asTenant((tx) => getUserByEmail(tx, { email: 'user2@example.com' })),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listUsers, two pages',
    run: asTenant(async (tx) => {
      const { nextCursor } = await listUsers(tx, { limit: 5 });
      await listUsers(tx, { limit: 5, after: nextCursor });
    }),
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'getConversation',
    run: asTenant((tx, sample) => getConversation(tx, sample)),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listConversations, two pages',
    run: asTenant(async (tx, { userId }) => {
      const { nextCursor } = await listConversations(tx, { userId, limit: 5 });
      await listConversations(tx, { userId, limit: 5, after: nextCursor });
    }),
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'listMessages, two pages',
    run: asTenant(async (tx, { conversationId }) => {
      const { nextCursor } = await listMessages(tx, { conversationId, limit: 5 });
      await listMessages(tx, { conversationId, limit: 5, after: nextCursor });
    }),
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'appendMessage',
    run: asTenant((tx, { conversationId }) =>
      appendMessage(tx, { conversationId, role: 'user', content: 'a' }),
    ),
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'getDocument',
    run: asTenant((tx, sample) => getDocument(tx, sample)),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listDocuments, two pages',
    run: asTenant(async (tx) => {
      const { nextCursor } = await listDocuments(tx, { limit: 5 });
      await listDocuments(tx, { limit: 5, after: nextCursor });
    }),
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'listDocuments that wait',
    run: asTenant((tx) => listDocuments(tx, { status: 'pending', limit: 5 })),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listChunks',
    run: asTenant((tx, { documentId }) => listChunks(tx, { documentId, limit: 5 })),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'searchChunks by text',
    run: asTenant((tx) =>
      searchChunks(tx, { mode: 'text', limit: 5, query: { text: 'rareword' } }),
    ),
    // Ranked, so sorted. A word's passages grow with the tenant's.
    forbidden: ['Seq Scan'],
    statements: 3,
    growth: 12,
  },
  {
    name: 'searchChunks by vector',
    run: asTenant((tx, { embedding }) =>
      searchChunks(tx, { mode: 'vector', limit: 5, query: { text: 'words', embedding } }),
    ),
    forbidden: ['Seq Scan'],
    statements: 3,
    growth: 12,
  },
];
