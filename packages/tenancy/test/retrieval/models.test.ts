import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  addDocument,
  type Embedder,
  hashingEmbedder,
  reembedTenant,
  searchTenant,
  type TenantTx,
  withTenant,
} from '../../src/index.ts';
import { claimDocument, hashOf } from '../../src/ingestion/claim-document.ts';
import { parseDocument } from '../../src/ingestion/document-input.ts';
import { replaceChunks } from '../../src/ingestion/write-chunks.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

const embedder = hashingEmbedder();
const other: Embedder = { ...hashingEmbedder(), model: 'other-v1' };

let test: TestTenancy;
beforeAll(async () => {
  test = await createTestTenancy();
});
afterAll(() => test?.close());

let counter = 0;
/** A tenant with one document of one chunk. */
async function tenantWithDocument() {
  const { id } = (await provision(test.tenancy, `models-${++counter}`)).tenant;
  const text = `The first text of tenant ${counter}.`;
  const { documentId } = await addDocument(
    test.tenancy,
    id,
    { title: 'First', text },
    { embedder },
  );
  return { id, documentId, text };
}

/** Opens a tenant's transaction, does something in it, and keeps it open until `commit` is called. */
async function held<T>(tenantId: string, work: (tx: TenantTx) => Promise<T>) {
  let commit = () => {};
  const released = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let done: Promise<void> = Promise.resolve();
  const value = await new Promise<T>((resolve, reject) => {
    done = withTenant(test.tenancy, tenantId, async (tx) => {
      resolve(await work(tx));
      await released;
    });
    done.catch(reject);
  });
  return {
    value,
    commit: async () => {
      commit();
      await done;
    },
  };
}

const modelsOf = async (tenantId: string) => {
  const [tenant] = await test.admin`select embedding_model from tenants where id = ${tenantId}`;
  const chunks = await test.admin`
    select distinct embedding_model from document_chunks where tenant_id = ${tenantId}`;
  return [tenant?.embedding_model, ...chunks.map((row) => row.embedding_model)];
};

/** How many sessions wait for a lock. */
const waiting = async (): Promise<number> => {
  const [row] = await test.admin`
    select count(*)::int as waiting from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  return row?.waiting;
};
const patiently = { timeout: 30_000 };

describe.skipIf(!capabilities.concurrency)('while chunks are being written', () => {
  it('the tenant does not move to another model, so no vectors of two models mix', async () => {
    const { id } = await tenantWithDocument();
    // A document without a chunk yet: its embedder failed.
    const failing = { ...embedder, embed: () => Promise.reject(new Error('down')) };
    const second = { title: 'Second', text: 'Replaced below.' };
    await addDocument(test.tenancy, id, second, { embedder: failing }).catch(() => undefined);
    const [{ id: documentId = '' } = {}] = await test.admin`
      select id from documents where tenant_id = ${id} and title = 'Second'`;
    const [embedding = []] = await embedder.embed(['a new text']);
    const chunk = { content: 'a new text', tokenCount: 3, heading: '', embedding };
    // The lock on the document stops the writer after its look at the model, before its first chunk.
    const document = await held(id, (tx) =>
      tx.db.execute(sql`select 1 from documents where id = ${documentId} for update`),
    );
    const writing = withTenant(test.tenancy, id, (tx) =>
      replaceChunks(tx, {
        documentId,
        hash: hashOf('Replaced below.'),
        model: embedder.model,
        chunks: [chunk],
      }),
    );
    await vi.waitFor(async () => expect(await waiting()).toBe(1), patiently);
    let moved = false;
    const moving = reembedTenant(test.tenancy, id, { embedder: other }).then(() => {
      moved = true;
    });
    try {
      await vi.waitFor(async () => expect(moved || (await waiting()) === 2).toBe(true), patiently);
      expect(moved).toBe(false);
    } finally {
      await document.commit();
      await Promise.allSettled([writing, moving]);
    }
    await writing;
    await moving;
    expect(await modelsOf(id)).toEqual([other.model, other.model]);
  });

  it('a document that is being given another text does not get the chunks of its old one', async () => {
    const { id } = await tenantWithDocument();
    const sourceUrl = 'https://a.example/rewritten';
    const old = { title: 'Rewritten', text: 'The old text.', sourceUrl };
    const { documentId } = await addDocument(test.tenancy, id, old, { embedder });
    const [embedding = []] = await embedder.embed(['The old text.']);
    const chunk = { content: 'The old text.', tokenCount: 3, heading: '', embedding };
    const rewriting = await held(id, (tx) =>
      claimDocument(tx, parseDocument({ ...old, text: 'The new text.' })),
    );
    const writing = withTenant(test.tenancy, id, (tx) =>
      replaceChunks(tx, {
        documentId,
        hash: hashOf('The old text.'),
        model: embedder.model,
        chunks: [chunk],
      }),
    );
    try {
      await vi.waitFor(async () => expect(await waiting()).toBe(1), patiently);
    } finally {
      await rewriting.commit();
      await Promise.allSettled([writing]);
    }
    await expect(writing).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('a document that was found unchanged is not deleted before its finder commits', async () => {
    const { id, documentId, text } = await tenantWithDocument();
    const finding = await held(id, (tx) =>
      claimDocument(tx, parseDocument({ title: 'First', text })),
    );
    expect(finding.value).toMatchObject({ outcome: 'unchanged', documentId });
    const deleting = test.admin.begin(async (sql) => {
      await sql`set local lock_timeout = 200`;
      await sql`delete from documents where id = ${documentId}`;
    });
    await expect(deleting).rejects.toMatchObject({ code: '55P03' });
    await finding.commit();
  });
});

it.each([0, 49, 50, 51])(
  'a document of %i chunks is written whole, fifty rows a statement',
  async (count) => {
    const { id, documentId, text } = await tenantWithDocument();
    const [embedding = []] = await embedder.embed(['a line']);
    const chunks = Array.from({ length: count }, (_, index) => ({
      content: `line ${index}`,
      tokenCount: 2,
      heading: '',
      embedding,
    }));
    const written = { documentId, hash: hashOf(text), model: embedder.model, chunks };
    await withTenant(test.tenancy, id, (tx) => replaceChunks(tx, written));
    const rows = await test.admin`
    select content from document_chunks where tenant_id = ${id} order by chunk_index`;
    expect(rows.map(({ content }) => content)).toEqual(chunks.map(({ content }) => content));
    const [document] = await test.admin`select chunk_count from documents where id = ${documentId}`;
    expect(document?.chunk_count).toBe(count);
  },
);

it('by vector gives as many chunks as are asked for, where the index alone gives fewer', async () => {
  const { id } = (await provision(test.tenancy, 'short-index')).tenant;
  for (let part = 0; part < 6; part++) {
    const sections = Array.from(
      { length: 60 },
      (_, n) => `# Note ${n}\n\nPart ${part}, note ${n}.`,
    );
    await addDocument(
      test.tenancy,
      id,
      { title: `Part ${part}`, text: sections.join('\n\n'), metadata: { part } },
      { embedder },
    );
  }
  await test.admin`analyze document_chunks`;
  // From now on an index scan gives up after the neighbours that it finds first.
  const [{ name = '' } = {}] = await test.admin`select current_database() as name`;
  await test.admin.unsafe(`alter database "${name}" set hnsw.max_scan_tuples = 1`);
  await test.admin.unsafe(`alter database "${name}" set enable_sort = off`);
  const impatient = await test.connect();
  const search = (part: number) =>
    searchTenant(impatient, id, {
      question: 'Part 0, note 7.',
      embedder,
      mode: 'vector',
      limit: 40,
      filter: { metadata: { part } },
    });
  for (const part of [0, 3, 5]) expect(await search(part)).toHaveLength(40);
}, 120_000);
