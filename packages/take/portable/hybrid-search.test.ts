import { InvalidInputError } from '@reference/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from './database.ts';
import { type SearchParams, searchChunks } from './queries/hybrid-search.ts';
import { documentChunks, documents, embeddingDimensions } from './schema/documents.ts';
import { openDatabase } from './test-database.ts';

const subjects = ['apples', 'bridges', 'clouds', 'drums', 'eagles', 'ferries', 'glaciers', 'harps'];

/** A direction of each word's own: texts with a word in common are near one another. */
function embed(text: string): number[] {
  const vector = Array.from({ length: embeddingDimensions }, () => 0);
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    let hash = 7;
    for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
    vector[hash % embeddingDimensions] = (vector[hash % embeddingDimensions] ?? 0) + 1;
  }
  return vector;
}

let database: { readonly db: Database; close(): Promise<void> };
let documentIds: string[] = [];
beforeAll(async () => {
  database = await openDatabase();
  const { db } = database;
  const added = await db
    .insert(documents)
    .values([0, 1].map((part) => ({ title: `Notes ${part}`, metadata: { part } })))
    .returning({ id: documents.id });
  documentIds = added.map(({ id }) => id);
  await db.insert(documentChunks).values(
    Array.from({ length: 80 }, (_, n) => {
      const content = `Note ${n} is about ${subjects[n % 8]}${n === 77 ? ' and a zeppelin' : ''}.`;
      return {
        documentId: documentIds[n % 2] ?? '',
        chunkIndex: n,
        content,
        tokenCount: content.split(' ').length,
        embedding: embed(content),
        embeddingModel: 'words',
      };
    }),
  );
});
afterAll(() => database?.close());

const search = (text: string, options: Omit<SearchParams, 'text' | 'vector'> = {}) =>
  searchChunks(database.db, { text, vector: embed(text), ...options });

describe('searchChunks', () => {
  it.each(['vector', 'text', 'hybrid'] as const)(
    'by %s finds the chunk that answers, with its words marked',
    async (mode) => {
      const hits = await search('zeppelin note 77', { mode });
      expect(hits[0]).toMatchObject({ title: 'Notes 1', content: expect.stringContaining('77') });
      const marked = hits[0]?.highlight.filter(({ match }) => match).map(({ text }) => text);
      expect(marked).toEqual(expect.arrayContaining(['77', 'zeppelin']));
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    },
  );

  it.each(['vector', 'text', 'hybrid'] as const)(
    'by %s gives as many as asked for, also where a filter leaves few',
    async (mode) => {
      const [, second = ''] = documentIds;
      const filters = [{ documentIds: [second] }, { metadata: { part: 1 } }];
      for (const filter of filters) {
        const hits = await search('notes about bridges', { mode, limit: 7, ...filter });
        expect(hits).toHaveLength(7);
        expect(hits.every(({ documentId }) => documentId === second)).toBe(true);
      }
      expect(await search('bridges', { mode, metadata: { part: 9 } })).toEqual([]);
    },
  );

  it('understands a phrase, an alternative and an exclusion', async () => {
    const contents = async (text: string) =>
      (await search(text, { mode: 'text', limit: 100 })).map(({ content }) => content);
    expect(await contents('"about drums"')).toHaveLength(10);
    expect(await contents('zeppelin or drums')).toHaveLength(11);
    expect(await contents('ferries -zeppelin')).toHaveLength(9);
  });

  it('ranks a chunk that both lists have above one that only one has', async () => {
    const [best] = await searchChunks(database.db, {
      text: 'zeppelin',
      vector: embed('note 77 is about ferries and a zeppelin'),
    });
    expect(best?.content).toContain('zeppelin');
    expect(best?.score).toBeCloseTo(2 / 61, 6);
  });

  it('refuses malformed input, and a search by vector without one', async () => {
    const refused = [
      { text: 'x', vector: [1, 2] },
      { text: 'x', mode: 'vector' as const },
      { text: 'x', mode: 'text' as const, limit: 0 },
    ];
    for (const params of refused)
      await expect(searchChunks(database.db, params)).rejects.toThrow(InvalidInputError);
    expect(await search('a\0b', { mode: 'text' })).toEqual([]);
  });
});
