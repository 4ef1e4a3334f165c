import { runScript } from '@reference/kit';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  type Embedder,
  embedQuery,
  getEmbeddingModel,
  hashingEmbedder,
  reembedTenant,
  type SearchParams,
  searchChunks,
  searchTenant,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

const embedder = hashingEmbedder();
/** The same vectors, back to front: another model for all that the database can tell. */
const reversed: Embedder = {
  ...embedder,
  model: 'reversed-v1',
  embed: async (texts) => (await embedder.embed(texts)).map((vector) => [...vector].reverse()),
};

let test: TestTenancy;
let small: string;
let large: string;
const subjects = ['apples', 'bridges', 'clouds', 'drums', 'eagles', 'ferries', 'glaciers', 'harps'];
const words =
  'bright cold deep early fast gentle heavy idle just kind long mild new old pale quick'.split(' ');

/** One document a text, each about a subject with words of its own. */
async function fill(slug: string, count: number): Promise<string> {
  const { tenant } = await provision(test.tenancy, slug);
  for (let start = 0; start < count; start += 50) {
    const sections = Array.from({ length: Math.min(50, count - start) }, (_, offset) => {
      const index = start + offset;
      const subject = subjects[index % subjects.length];
      const adjectives = words.filter((_, bit) => (index * 2654435761) & (1 << bit));
      return `# Note ${index}\n\nNote ${index} of ${slug} is about ${subject}: ${adjectives.join(' ')}.`;
    });
    await addDocument(
      test.tenancy,
      tenant.id,
      {
        title: `Notes ${start} of ${slug}`,
        text: sections.join('\n\n'),
        source: start === 0 ? 'url' : 'upload',
        metadata: { part: start },
      },
      { embedder },
    );
  }
  return tenant.id;
}

beforeAll(async () => {
  test = await createTestTenancy();
  small = await fill('small', 40);
  large = await fill('large', 400);
  await test.admin`analyze document_chunks`;
}, 240_000);
afterAll(() => test?.close());

type Options = Omit<SearchParams, 'query'>;
const search = (tenantId: string, question: string, options: Options = {}) =>
  searchTenant(test.tenancy, tenantId, { question, embedder, ...options });

/** The true neighbours: every chunk of the tenant compared, as a superuser, without an index. */
async function exact(tenantId: string, question: string, limit: number): Promise<number[]> {
  const { embedding } = await embedQuery(embedder, question);
  const vector = JSON.stringify(embedding?.vector);
  const rows = await test.admin`
    select (embedding <=> ${vector}::vector) + 0 as distance from document_chunks
    where tenant_id = ${tenantId} order by distance limit ${limit}`;
  return rows.map(({ distance }) => Number(distance));
}

describe('searchChunks', () => {
  for (const mode of ['vector', 'text', 'hybrid'] as const) {
    it(`by ${mode} finds the chunk that answers, with document and highlight`, async () => {
      const [hit] = await search(large, 'note 77 eagles', { mode });
      expect(hit).toMatchObject({
        document: { title: 'Notes 50 of large', sourceUrl: null },
        heading: 'Notes 50 of large > Note 77',
      });
      expect(hit?.highlight.filter(({ match }) => match).map(({ text }) => text)).toContain('77');
      expect(hit?.highlight.map(({ text }) => text).join('')).toContain('Note 77 of large');
    });

    it(`by ${mode} gives each tenant its own chunks only, sorted by score`, async () => {
      for (const [tenantId, slug] of [
        [small, 'small'],
        [large, 'large'],
      ] as const) {
        const hits = await search(tenantId, 'bright clouds and cold drums', { mode, limit: 30 });
        expect(hits.length).toBeGreaterThan(0);
        expect(hits.every(({ content }) => content.includes(` of ${slug} `))).toBe(true);
        const scores = hits.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }
    });

    it(`by ${mode} applies every filter`, async () => {
      const all = await search(large, 'clouds', { mode, limit: 50 });
      const [first] = all;
      const documentIds = [first?.document.id ?? ''];
      const filters: [Options['filter'], (hit: (typeof all)[number]) => boolean][] = [
        [{ documentIds }, (hit) => documentIds.includes(hit.document.id)],
        [{ source: 'url' }, (hit) => hit.document.title === 'Notes 0 of large'],
        [{ metadata: { part: 100 } }, (hit) => hit.document.title === 'Notes 100 of large'],
      ];
      for (const [filter, holds] of filters) {
        const hits = await search(large, 'clouds', { mode, limit: 5, filter });
        expect(hits.length).toBe(5);
        expect(hits.every(holds)).toBe(true);
      }
    });
  }

  it('by vector finds the true neighbours, for a small tenant beside a large one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(small, large),
        fc.subarray([...subjects, ...words], { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (tenantId, terms, limit) => {
          const question = terms.join(' ');
          const hits = await search(tenantId, question, { mode: 'vector', limit });
          const truth = await exact(tenantId, question, limit);
          expect(hits).toHaveLength(limit);
          // Many notes are equally near, so distances are compared, not ids.
          const farthest = (truth.at(-1) ?? 0) + 1e-6;
          const right = hits.filter(({ score }) => 1 - score <= farthest).length;
          expect(right / limit).toBeGreaterThanOrEqual(0.95);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  it('understands phrases, or, and words to leave out', async () => {
    const contents = async (question: string) =>
      (await search(small, question, { mode: 'text', limit: 40 })).map(({ content }) => content);
    expect((await contents('"note 7"')).every((text) => text.includes('Note 7 '))).toBe(true);
    expect((await contents('apples -bright')).some((text) => text.includes('bright'))).toBe(false);
    expect(
      new Set((await contents('apples or drums')).map((text) => /apples|drums/.exec(text)?.[0])),
    ).toEqual(new Set(['apples', 'drums']));
    for (const odd of [
      '',
      "'",
      '& | !',
      ':*',
      '()',
      '\\',
      '"',
      'the of and',
      '\u0002',
      '\0',
      "it's\\",
    ]) {
      expect(await contents(odd)).toEqual([]);
    }
  });

  it('finds nothing, and fails at nothing, in a tenant without documents', async () => {
    const { tenant } = await provision(test.tenancy, 'empty');
    for (const mode of ['vector', 'text', 'hybrid'] as const) {
      expect(await search(tenant.id, 'clouds', { mode })).toEqual([]);
    }
  });

  it('refuses a missing embedding, one of another model, and a wrong limit', async () => {
    const run = (params: SearchParams) =>
      withTenant(test.tenancy, small, (tx) => searchChunks(tx, params));
    await expect(run({ query: { text: 'clouds' }, mode: 'vector' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(
      run({ query: await embedQuery(reversed, 'clouds'), mode: 'hybrid' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const limit of [0, -1, 101, 1.5]) {
      await expect(run({ query: { text: 'clouds' }, mode: 'text', limit })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });
});

describe('plans, as tenancy_app under row security', () => {
  const explain = (query: string) =>
    withTenant(test.tenancy, large, async (tx) => {
      // A few rows are sorted faster than any index is read: what is asked is whether the index serves.
      await runScript(tx.db, 'set local enable_seqscan = off; set local enable_sort = off');
      const rows = await tx.db.execute(sql.raw(`explain ${query}`));
      return rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    });

  it('a vector search of a tenant too large to sort is one index scan of one partition', async () => {
    const [row] = await test.admin`select embedding::text as v from document_chunks limit 1`;
    const plan = await explain(
      `select id from document_chunks where tenant_id = '${large}' order by embedding <=> '${row?.v}'::vector limit 40`,
    );
    expect(plan).toMatch(/Index Scan using document_chunks_p\d\d_embedding_idx/);
    expect(plan.match(/document_chunks_p\d\d_/g)).toHaveLength(1);
  });

  it('a text search uses the word index of one partition', async () => {
    const plan = await explain(
      `select id from document_chunks where tenant_id = '${large}' and search_vector @@ '''77'''::tsquery`,
    );
    expect(plan).toMatch(/Bitmap Index Scan on document_chunks_p\d\d_search_vector_idx/);
  });

  it('lists seek in an index with tenant and cursor as its condition', async () => {
    const lists: [string, RegExp][] = [
      [
        `select id from documents where tenant_id = '${large}' and (created_at, id) < (now()::timestamptz(3), '${large}'::uuid) order by created_at desc, id desc limit 51`,
        /Index Cond: .*ROW\(created_at, id\) < ROW/,
      ],
      [
        `select id from documents where tenant_id = '${large}' and status = 'failed' order by created_at desc, id desc limit 51`,
        /documents_unfinished_tenant_id_created_at_id_idx/,
      ],
      [
        `select id from messages where tenant_id = '${large}' and conversation_id = '${large}' and position < 7 order by position desc limit 51`,
        /messages_tenant_id_conversation_id_position_key/,
      ],
      [
        `select id from conversations where tenant_id = '${large}' and user_id = '${large}' order by updated_at desc, id desc limit 51`,
        /conversations_tenant_id_user_id_updated_at_id_idx/,
      ],
      [
        `select id from users where tenant_id = '${large}' and email = 'a@b'`,
        /users_tenant_id_email_key/,
      ],
      [
        `select id from document_chunks where tenant_id = '${large}' and document_id = '${large}' order by chunk_index limit 51`,
        /document_chunks_p\d\d_tenant_id_document_id_chunk_index_key/,
      ],
    ];
    for (const [query, expected] of lists) {
      const plan = await explain(query);
      expect(plan).toMatch(expected);
      expect(plan).not.toMatch(/\bSort\b/);
    }
  });
});

describe('reembedTenant', () => {
  it('resumes after a failure; searches are right before, during and after', async () => {
    const tenantId = await fill('moving', 120);
    const both = [embedder, reversed];
    const question = 'note 77 eagles';
    const best = async () => {
      const [hit] = await searchTenant(test.tenancy, tenantId, {
        question,
        mode: 'vector',
        embedder: both,
      });
      return hit?.heading;
    };
    const expected = 'Notes 50 of moving > Note 77';
    expect(await best()).toBe(expected);

    let batches = 0;
    const failing: Embedder = {
      ...reversed,
      batchSize: 20,
      async embed(texts, signal) {
        if (++batches > 2) throw new Error('the provider is down');
        return reversed.embed(texts, signal);
      },
    };
    await expect(
      reembedTenant(test.tenancy, tenantId, { embedder: failing }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await best()).toBe(expected);
    expect(await withTenant(test.tenancy, tenantId, getEmbeddingModel)).toBe('hashing-v1');
    // A document added meanwhile is still of the old model, and is moved with the rest.
    await addDocument(
      test.tenancy,
      tenantId,
      { title: 'Late', text: 'A late note about zithers.' },
      { embedder: both },
    );

    const during: (string | undefined)[] = [];
    const slow: Embedder = {
      ...reversed,
      batchSize: 20,
      async embed(texts, signal) {
        during.push(await best());
        return reversed.embed(texts, signal);
      },
    };
    const { embedded } = await reembedTenant(test.tenancy, tenantId, { embedder: slow });
    expect(embedded).toBe(120 + 1 - 40);
    expect(new Set(during)).toEqual(new Set([expected]));
    expect(await withTenant(test.tenancy, tenantId, getEmbeddingModel)).toBe('reversed-v1');
    expect(await best()).toBe(expected);
    const left = await test.admin`
      select 1 from document_chunks where tenant_id = ${tenantId}
        and (embedding_model <> 'reversed-v1' or next_embedding is not null)`;
    expect([...left]).toEqual([]);
    expect((await reembedTenant(test.tenancy, tenantId, { embedder: reversed })).embedded).toBe(0);
  }, 60_000);

  it('leaves other tenants with their model', async () => {
    expect(await withTenant(test.tenancy, small, getEmbeddingModel)).toBe('hashing-v1');
  });
});

describe('searchChunks, at its edges', () => {
  it('by vector gives all it is asked for also when the index scan ends early', async () => {
    const { id } = (await provision(test.tenancy, 'early-end')).tenant;
    const add = (text: string) =>
      addDocument(test.tenancy, id, { title: text, text }, { embedder });
    await add('clouds over the hills');
    // A scan of a small graph sees all of it, whatever its limits. So chunks are kept out of the index: to
    // the search they are those that a scan of a large one has not come to.
    const maintain = (on: boolean) =>
      test.admin`update pg_index set indisready = ${on} where indexrelid in
        (select oid from pg_class where relname ~ '^document_chunks_p\\d\\d_embedding_idx$')`;
    await maintain(false);
    try {
      await add('clouds over the sea');
      await add('clouds over the town');
    } finally {
      await maintain(true);
    }
    const query = await embedQuery(embedder, 'clouds');
    const hits = await withTenant(test.tenancy, id, async (tx) => {
      // Without it the planner sorts so few chunks instead of using the index, and finds all.
      await tx.db.execute(sql`set local enable_sort = off`);
      return searchChunks(tx, { query, mode: 'vector', limit: 3 });
    });
    expect(hits).toHaveLength(3);
  });

  it('by a phrase gives the chunk that is most about it first', async () => {
    const { tenant } = await provision(test.tenancy, 'phrases');
    const sections = [1, 3, 2].map(
      (times) => `# Part ${times}\n\n${'A tall ship sails. '.repeat(times)}`,
    );
    await addDocument(
      test.tenancy,
      tenant.id,
      { title: 'Ships', text: sections.join('\n\n') },
      { embedder, maxTokens: 40 },
    );
    const hits = await search(tenant.id, '"tall ship"', { mode: 'text' });
    const scores = hits.map(({ score }) => score);
    expect(new Set(scores).size).toBeGreaterThan(1);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const [best] = await search(tenant.id, '"tall ship"', { mode: 'text', limit: 1 });
    expect(best?.score).toBe(scores[0]);
  });

  it('by text gives the same first hits of many that are equally good, whatever the limit', async () => {
    const { tenant } = await provision(test.tenancy, 'twins');
    const sections = Array.from({ length: 40 }, () => '# Twin\n\nTwins look quite alike here.');
    await addDocument(
      test.tenancy,
      tenant.id,
      { title: 'Twins', text: sections.join('\n\n') },
      { embedder, maxTokens: 16 },
    );
    for (const question of ['"look quite alike"', 'twins alike']) {
      const all = await search(tenant.id, question, { mode: 'text', limit: 100 });
      expect(all.length).toBeGreaterThan(20);
      expect(new Set(all.map(({ score }) => score)).size).toBe(1);
      const ids = all.map(({ chunkId }) => chunkId);
      expect(ids).toEqual([...ids].sort());
      const few = await search(tenant.id, question, { mode: 'text', limit: 5 });
      expect(few.map(({ chunkId }) => chunkId)).toEqual(ids.slice(0, 5));
    }
  });
});
