import { capabilities } from '@reference/local-postgres';
import { race, raceRounds } from '@reference/races';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  deleteDocument,
  type Embedder,
  hashingEmbedder,
  reembedTenant,
  type Tenancy,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

const embedder = hashingEmbedder();
const other: Embedder = { ...embedder, model: 'other-v1' };
const sourceUrl = 'https://a.example/page';

let test: TestTenancy;
let connections: Tenancy[] = [];
beforeAll(async () => {
  test = await createTestTenancy();
  if (!capabilities.concurrency) return;
  connections = await Promise.all([1, 2, 3].map(() => test.connect({ max: 1 })));
});
afterAll(() => test?.close());

let counter = 0;
/** A tenant with one document, at an address. */
async function setup() {
  const { id } = (await provision(test.tenancy, `races-${++counter}`)).tenant;
  const first = { title: 'Page', text: 'The first text.', sourceUrl };
  const { documentId } = await addDocument(test.tenancy, id, first, { embedder });
  return { id, documentId };
}
type Scene = Awaited<ReturnType<typeof setup>>;

const add =
  (text: string) =>
  (tenancy: Tenancy, { id }: Scene) =>
    addDocument(tenancy, id, { title: 'Page', text, sourceUrl }, { embedder });
const remove = (tenancy: Tenancy, { id, documentId }: Scene) =>
  withTenant(tenancy, id, (tx) => deleteDocument(tx, { documentId }));
const reembed = (tenancy: Tenancy, { id }: Scene) =>
  reembedTenant(tenancy, id, { embedder: other });

/** A tenant's vectors are all of its one model, and a ready document has the chunks that it counts. */
async function check({ id }: Scene): Promise<void> {
  const mixed = await test.admin`
    select c.id from document_chunks c join tenants t on t.id = c.tenant_id
    where c.tenant_id = ${id} and c.embedding_model <> t.embedding_model`;
  expect(mixed).toHaveLength(0);
  const documents = await test.admin`
    select d.status, d.chunk_count, d.source_url,
      (select count(*)::int from document_chunks c where c.tenant_id = d.tenant_id and c.document_id = d.id) as chunks
    from documents d where d.tenant_id = ${id}`;
  for (const { status, chunk_count: counted, chunks } of documents) {
    if (status === 'ready') expect(counted).toBe(chunks);
  }
  expect(documents.length).toBeLessThanOrEqual(1);
}

/** Limit of one test; each round embeds documents. */
const patience = raceRounds() * 2_400;

describe.skipIf(!capabilities.concurrency)('documents and models stay whole', () => {
  const run = (name: string, calls: ((tenancy: Tenancy, scene: Scene) => Promise<unknown>)[]) =>
    race({ name, connections, setup, calls, check, spreadMs: 12 });

  it(
    'addDocument × reembedTenant × addDocument at one address',
    async () => {
      await run('addDocument × reembedTenant × addDocument', [
        add('Another text.'),
        reembed,
        add('A third text.'),
      ]);
    },
    patience,
  );

  it(
    'addDocument × deleteDocument × reembedTenant',
    async () => {
      await run('addDocument × deleteDocument × reembedTenant', [
        add('Another text.'),
        remove,
        reembed,
      ]);
    },
    patience,
  );

  it(
    'addDocument × deleteDocument × addDocument of the same text',
    async () => {
      await run('addDocument × deleteDocument × addDocument', [
        add('The first text.'),
        remove,
        add('The first text.'),
      ]);
    },
    patience,
  );

  it(
    'reembedTenant × reembedTenant to another model',
    async () => {
      await run('reembedTenant × reembedTenant', [reembed, reembed]);
    },
    patience,
  );
});
