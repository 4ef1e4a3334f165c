import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  deleteDocument,
  type Embedder,
  getDocument,
  hashingEmbedder,
  listChunks,
  listDocuments,
  reembedTenant,
  searchTenant,
  tenantIdOf,
  withTenant,
} from '../../src/index.ts';
import {
  type Claim,
  claimDocument,
  hashOf,
  type Seen,
} from '../../src/ingestion/claim-document.ts';
import { parseDocument } from '../../src/ingestion/document-input.ts';
import { replaceChunks } from '../../src/ingestion/write-chunks.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let test: TestTenancy;
let acme: string;
beforeAll(async () => {
  test = await createTestTenancy();
  acme = (await provision(test.tenancy, 'acme')).tenant.id;
});
afterAll(() => test?.close());

/** An embedder that counts its texts and can be told to fail. */
function countingEmbedder(failAfter = Number.POSITIVE_INFINITY) {
  const inner = hashingEmbedder();
  const counted = { texts: 0, failAfter };
  const embedder: Embedder = {
    ...inner,
    batchSize: 2,
    async embed(texts, signal) {
      if (counted.texts >= counted.failAfter) throw new Error('the provider is down');
      counted.texts += texts.length;
      return inner.embed(texts, signal);
    },
  };
  return { embedder, counted };
}

const add = (
  input: { title?: string; text: string; sourceUrl?: string },
  options: { embedder?: Embedder; maxTokens?: number; maxBytes?: number; timeoutMs?: number } = {},
  tenantId = acme,
) =>
  addDocument(
    test.tenancy,
    tenantId,
    { title: 'A document', ...input },
    { embedder: hashingEmbedder(), maxTokens: 40, ...options },
  );

const chunksOf = (documentId: string, tenantId = acme) =>
  withTenant(test.tenancy, tenantId, (tx) => listChunks(tx, { documentId, limit: 200 })).then(
    ({ items }) => items,
  );
const documentOf = (documentId: string) =>
  withTenant(test.tenancy, acme, (tx) => getDocument(tx, { documentId }));
const paragraphs = (topic: string, count = 12) =>
  Array.from({ length: count }, (_, i) => `Paragraph ${i} tells more about ${topic}.`).join('\n\n');

describe('addDocument', () => {
  it('stores the chunks in order, with their headings and counts', async () => {
    const progress: number[] = [];
    const { documentId, outcome, chunkCount } = await addDocument(
      test.tenancy,
      acme,
      { title: 'Fruit', text: `# Apples\n\n${paragraphs('apples')}`, metadata: { topic: 'fruit' } },
      {
        embedder: countingEmbedder().embedder,
        maxTokens: 40,
        onProgress: ({ embedded }) => progress.push(embedded),
      },
    );
    const chunks = await chunksOf(documentId);
    expect(outcome).toBe('added');
    expect(chunks.map(({ chunkIndex }) => chunkIndex)).toEqual([...Array(chunkCount).keys()]);
    expect(chunks.every(({ metadata }) => metadata.heading === 'Fruit > Apples')).toBe(true);
    expect(progress.at(-1)).toBe(chunkCount);
    expect(progress.length).toBeGreaterThan(1);
    expect(await documentOf(documentId)).toMatchObject({
      status: 'ready',
      chunkCount,
      error: null,
      metadata: { topic: 'fruit' },
    });
  });

  it('embeds a text once', async () => {
    const { embedder, counted } = countingEmbedder();
    const text = paragraphs('seen texts');
    const first = await add({ text, sourceUrl: 'https://a.example/seen' }, { embedder });
    const before = counted.texts;
    expect(await add({ text, sourceUrl: 'https://a.example/seen' }, { embedder })).toEqual({
      ...first,
      outcome: 'unchanged',
    });
    expect(await add({ text, sourceUrl: 'https://a.example/copy' }, { embedder })).toEqual({
      ...first,
      outcome: 'duplicate',
    });
    expect(counted.texts).toBe(before);
  });

  it('stores the same text for another tenant apart', async () => {
    const other = (await provision(test.tenancy, 'umbrella')).tenant.id;
    const text = paragraphs('common knowledge');
    const [mine, theirs] = [await add({ text }), await add({ text }, {}, other)];
    expect(theirs).toMatchObject({ outcome: 'added' });
    expect(await chunksOf(mine.documentId, other)).toEqual([]);
  });

  it('replaces the chunks of a changed text under the same address', async () => {
    const sourceUrl = 'https://a.example/changing';
    const first = await add({ text: paragraphs('the old days', 20), sourceUrl });
    const second = await add({ text: paragraphs('the new days', 3), sourceUrl });
    expect(second).toMatchObject({ documentId: first.documentId, outcome: 'replaced' });
    const chunks = await chunksOf(first.documentId);
    expect(chunks).toHaveLength(second.chunkCount);
    expect(chunks.some(({ content }) => content.includes('old days'))).toBe(false);
  });

  it('refuses an address whose new text is another document’s', async () => {
    await add({ text: 'The text of one.', sourceUrl: 'https://a.example/1' });
    await add({ text: 'The text of two.', sourceUrl: 'https://a.example/2' });
    await expect(
      add({ text: 'The text of one.', sourceUrl: 'https://a.example/2' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('deleteDocument', () => {
  it('deletes a document with its chunks, once, and none of another tenant', async () => {
    const { documentId } = await add({ text: paragraphs('what is deleted') });
    const { documentId: kept } = await add({ text: paragraphs('what is kept') });
    const remove = (tenantId: string, id = documentId) =>
      withTenant(test.tenancy, tenantId, (tx) => deleteDocument(tx, { documentId: id }));
    const missing = { code: 'NOT_FOUND' };
    const other = (await provision(test.tenancy, 'globex')).tenant.id;
    await expect(remove(other)).rejects.toMatchObject(missing);
    expect(await chunksOf(documentId)).not.toEqual([]);
    await remove(acme);
    expect(await documentOf(documentId)).toBeUndefined();
    expect(await chunksOf(documentId)).toEqual([]);
    await expect(remove(acme)).rejects.toMatchObject(missing);
    await expect(remove(acme, 'no uuid')).rejects.toMatchObject(missing);
    expect(await documentOf(kept)).toMatchObject({ status: 'ready' });
  });
});

describe('addDocument, when the embedder fails', () => {
  it('leaves the document failed with the reason and no chunk, and can be retried', async () => {
    const text = paragraphs('a provider that is down');
    const { embedder, counted } = countingEmbedder(4);
    await expect(add({ text }, { embedder })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const failed = await withTenant(test.tenancy, acme, (tx) =>
      listDocuments(tx, { status: 'failed' }),
    );
    const [document] = failed.items;
    expect(document).toMatchObject({
      status: 'failed',
      chunkCount: 0,
      error: 'hashing-v1: the provider is down',
    });
    expect(await chunksOf(document?.id ?? '')).toEqual([]);

    counted.failAfter = Number.POSITIVE_INFINITY;
    const retried = await add({ text }, { embedder });
    expect(retried.documentId).toBe(document?.id);
    expect(await documentOf(retried.documentId)).toMatchObject({ status: 'ready', error: null });
  });

  it('keeps the chunks that the document had before', async () => {
    const sourceUrl = 'https://a.example/kept';
    const first = await add({ text: paragraphs('what was there'), sourceUrl });
    const before = await chunksOf(first.documentId);
    const { embedder } = countingEmbedder(2);
    await expect(
      add({ text: paragraphs('what should come'), sourceUrl }, { embedder }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await chunksOf(first.documentId)).toEqual(before);
    expect(await documentOf(first.documentId)).toMatchObject({ status: 'failed' });
  });

  for (const [what, embed] of [
    ['too few vectors', async () => []],
    ['an answer too late', () => new Promise<never>(() => {})],
    ['NaN', async (texts: readonly string[]) => texts.map(() => Array(1536).fill(Number.NaN))],
    [
      'a component beyond 32 bits',
      async (texts: readonly string[]) => texts.map(() => [3e39, ...Array(1535).fill(0)]),
    ],
    [
      'components that are zero in 32 bits',
      async (texts: readonly string[]) => texts.map(() => Array(1536).fill(1e-46)),
    ],
  ] satisfies [string, Embedder['embed']][]) {
    it(`gives ${what}: failed, nothing half written`, async () => {
      const embedder: Embedder = { ...hashingEmbedder(), embed };
      const text = paragraphs(what);
      await expect(add({ text }, { embedder, timeoutMs: 100 })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
      });
      const { documentId, outcome } = await add({ text });
      expect(outcome).toBe('added');
      expect((await chunksOf(documentId)).length).toBeGreaterThan(0);
    });
  }

  it('refuses an embedder of other dimensions before anything is stored', async () => {
    const embedder: Embedder = { ...hashingEmbedder(), model: 'large', dimensions: 3072 };
    await expect(add({ text: 'never stored' }, { embedder })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('3072'),
    });
  });

  it('refuses an embedder of another model than the tenant’s chunks', async () => {
    const embedder: Embedder = { ...hashingEmbedder(), model: 'another' };
    await expect(add({ text: 'never mixed' }, { embedder })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('hashing-v1'),
    });
  });
});

describe('addDocument, given what is no document', () => {
  const cases: [string, string, RegExp][] = [
    ['an empty text', '', /empty/],
    ['only white space', ' \n\t\u00a0\n', /empty/],
    ['only a byte order mark', '\uFEFF', /empty/],
    ['a NUL', 'text\u0000text', /not text/],
    ['decoded binary', '\uFFFD\uFFFDJFIF\uFFFD\uFFFD', /not text/],
    ['more than the limit', 'x'.repeat(2_000_001), /2000001 bytes; at most 2000000/],
  ];
  for (const [what, text, message] of cases) {
    it(`refuses ${what}, and stores nothing`, async () => {
      const count = () => test.admin`select count(*)::int as n from documents`;
      const before = await count();
      await expect(add({ text }, { maxBytes: 2_000_000 })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message),
      });
      expect([...(await count())]).toEqual([...before]);
    });
  }

  it('takes an address of 2,000 bytes, and none that is longer', async () => {
    const address = 'https://a.example/'.padEnd(2000, 'a');
    await add({ text: 'An address as long as can be.', sourceUrl: address });
    await expect(
      add({ text: 'One byte more.', sourceUrl: `${address.slice(0, -1)}ä` }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses a text of 100 MB without working on it', async () => {
    const text = 'a word '.repeat(15_000_000);
    // Measuring makes the engine lay the text out in memory, which is the caller's share.
    expect(Buffer.byteLength(text)).toBeGreaterThan(100_000_000);
    const before = process.memoryUsage().rss;
    await expect(add({ text })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it('refuses a tenant that is unknown', async () => {
    await expect(add({ text: 'for nobody' }, {}, tenantIdOf('nobody'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe.skipIf(!capabilities.concurrency)('addDocument at once', () => {
  it('stores a text once, however many add it', async () => {
    const text = paragraphs('a stampede');
    const results = await Promise.all(Array.from({ length: 6 }, () => add({ text })));
    expect(new Set(results.map(({ documentId }) => documentId)).size).toBe(1);
    const [first] = results;
    expect(await chunksOf(first?.documentId ?? '')).toHaveLength(first?.chunkCount ?? -1);
  });

  it('shows a search the old set of chunks or the new one, never a mixture', async () => {
    const sourceUrl = 'https://a.example/flipping';
    const marker = (version: number) => paragraphs(`zebras of version v${version}v`, 6);
    const { documentId } = await add({ text: marker(0), sourceUrl });
    let done = false;
    const versions = new Set<string>();
    const reading = (async () => {
      while (!done) {
        const hits = await searchTenant(test.tenancy, acme, {
          question: 'zebras',
          mode: 'text',
          filter: { documentIds: [documentId] },
          embedder: hashingEmbedder(),
        });
        const found = new Set(hits.map(({ content }) => /v\d+v/.exec(content)?.[0]));
        expect(found.size).toBe(1);
        for (const version of found) versions.add(version ?? '');
      }
    })();
    for (let version = 1; version <= 5; version++) await add({ text: marker(version), sourceUrl });
    done = true;
    await reading;
    expect(versions.size).toBeGreaterThan(1);
  });
});

describe.skipIf(!capabilities.concurrency)(
  'addDocument beside another call on the same document',
  () => {
    it('an older text that is embedded last does not replace the newer one’s chunks', async () => {
      const sourceUrl = 'https://a.example/overtaken';
      const inner = hashingEmbedder();
      let overtaken = false;
      const slow: Embedder = {
        ...inner,
        async embed(texts, signal) {
          if (!overtaken) {
            overtaken = true;
            await add({ text: paragraphs('the newer text', 3), sourceUrl });
          }
          return inner.embed(texts, signal);
        },
      };
      await expect(
        add({ text: paragraphs('the older text', 9), sourceUrl }, { embedder: slow }),
      ).rejects.toMatchObject({ code: 'CONFLICT' });
      const { items } = await withTenant(test.tenancy, acme, (tx) => listDocuments(tx));
      const document = items.find((row) => row.sourceUrl === sourceUrl);
      expect(document).toMatchObject({ status: 'ready', error: null });
      const contents = (await chunksOf(document?.id ?? '')).map(({ content }) => content);
      expect(contents.length).toBeGreaterThan(0);
      expect(contents.every((content) => content.includes('the newer text'))).toBe(true);
    });

    it('a claim waits for the one before it, and does not call a text unchanged that is being replaced', async () => {
      const sourceUrl = 'https://a.example/claimed';
      const before = { title: 'Claimed', text: 'What was there.', sourceUrl };
      await add(before);
      const other = await test.connect();
      let second: Promise<Claim | Seen> | undefined;
      await withTenant(test.tenancy, acme, async (tx) => {
        await claimDocument(tx, parseDocument({ ...before, text: 'What comes.' }));
        second = withTenant(other, acme, (theirs) => claimDocument(theirs, parseDocument(before)));
        await expect.poll(waitingForLocks).toBeGreaterThan(0);
      });
      expect(await second).toMatchObject({ outcome: 'replaced' });
    });

    it('embeds anew when the tenant moves to another model meanwhile: one tenant, one model', async () => {
      const moving = (await provision(test.tenancy, 'moving')).tenant.id;
      const old = hashingEmbedder();
      const next: Embedder = { ...old, model: 'next-v1' };
      await add({ text: paragraphs('what was there') }, {}, moving);
      let moved = false;
      const slow: Embedder = {
        ...old,
        async embed(texts, signal) {
          if (!moved) {
            moved = true;
            await reembedTenant(test.tenancy, moving, { embedder: next });
          }
          return old.embed(texts, signal);
        },
      };
      await addDocument(
        test.tenancy,
        moving,
        { title: 'Late', text: paragraphs('what came meanwhile') },
        { embedder: [slow, next], maxTokens: 40 },
      );
      expect(await modelsOf(moving)).toEqual([{ model: 'next-v1', tenant: 'next-v1' }]);
    });

    it('a switch of models waits for chunks that are being written, and takes them along', async () => {
      const racing = (await provision(test.tenancy, 'racing')).tenant.id;
      const old = hashingEmbedder();
      const next: Embedder = { ...old, model: 'next-v1' };
      const { documentId } = await add({ text: paragraphs('what was there') }, {}, racing);
      const other = await test.connect();
      const document = { title: 'Late', text: 'What is being written.' };
      const claim = await withTenant(test.tenancy, racing, (tx) =>
        claimDocument(tx, parseDocument(document)),
      );
      const [vector = []] = await old.embed([document.text]);
      let switching: Promise<unknown> = Promise.resolve();
      await withTenant(test.tenancy, racing, async (tx) => {
        await replaceChunks(tx, {
          documentId: claim.documentId,
          hash: hashOf(document.text),
          model: old.model,
          chunks: [{ content: document.text, tokenCount: 4, heading: 'Late', embedding: vector }],
        });
        switching = reembedTenant(other, racing, { embedder: next });
        await expect.poll(waitingForLocks).toBeGreaterThan(0);
      });
      await switching;
      expect(await modelsOf(racing)).toEqual([{ model: 'next-v1', tenant: 'next-v1' }]);
      expect((await chunksOf(documentId, racing)).length).toBeGreaterThan(0);
    });

    const waitingForLocks = async () => {
      const [row] = await test.admin`select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
      return Number(row?.waiting);
    };
    const modelsOf = async (tenantId: string) => [
      ...(await test.admin`
      select distinct c.embedding_model as model, t.embedding_model as tenant
      from document_chunks c join tenants t on t.id = c.tenant_id where t.id = ${tenantId}`),
    ];
  },
);
