import { MockEmbeddingModelV3 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { embedChecked } from '../../src/embedders/embedder.ts';
import { aiSdkEmbedder, type Embedder, embedQuery, hashingEmbedder } from '../../src/index.ts';

const cosine = (a: readonly number[] = [], b: readonly number[] = []) =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('hashingEmbedder', () => {
  it('gives unit vectors, the same for the same text', async () => {
    const texts = ['Streaming text from a model', 'the of and', '', '🙂', 'x'.repeat(100_000)];
    const first = await hashingEmbedder().embed(texts);
    expect(await hashingEmbedder().embed(texts)).toEqual(first);
    for (const vector of first) {
      expect(vector).toHaveLength(1536);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 10);
    }
  });

  it('gives texts without a word that counts a direction each', async () => {
    const [one, other, again] = await hashingEmbedder().embed(['?!', 'the of and', '?!']);
    expect(one).not.toEqual(other);
    expect(one).toEqual(again);
  });

  it('puts texts with common words nearer than texts without', async () => {
    const [query, near, far] = await hashingEmbedder().embed([
      'How do I stream text?',
      'Streaming text: use streamText to get a stream.',
      'Cats sleep for sixteen hours a day.',
    ]);
    expect(cosine(query, near)).toBeGreaterThan(0.3);
    expect(Math.abs(cosine(query, far))).toBeLessThan(0.1);
  });
});

describe('aiSdkEmbedder', () => {
  it('embeds through the AI SDK’s embedMany, in the texts’ order', async () => {
    const model = new MockEmbeddingModelV3({
      provider: 'mock',
      modelId: 'small',
      maxEmbeddingsPerCall: 2,
      doEmbed: async ({ values }) => ({
        embeddings: values.map((text) => Array.from({ length: 1536 }, () => text.length)),
        warnings: [],
      }),
    });
    const embedder = aiSdkEmbedder({ model });
    expect(embedder.model).toBe('mock:small');
    const vectors = await embedChecked(embedder, ['a', 'bb', 'ccc'], 1000);
    expect(vectors.map(([first]) => first)).toEqual([1, 2, 3]);
  });
});

const broken = (embed: Embedder['embed']): Embedder => ({
  model: 'broken',
  dimensions: 1536,
  batchSize: 8,
  embed,
});
const ones = Array.from({ length: 1536 }, () => 1);

describe('what an embedder may not return', () => {
  const cases: [string, Embedder['embed'], RegExp][] = [
    ['too few vectors', async () => [], /0 vectors for 1 texts/],
    ['wrong dimensions', async () => [[1, 2, 3]], /3 dimensions instead of 1536/],
    ['NaN', async () => [ones.with(7, Number.NaN)], /NaN/],
    ['infinity', async () => [ones.with(7, Number.POSITIVE_INFINITY)], /infinity/],
    ['a zero vector', async () => [ones.map(() => 0)], /zero vector/],
    ['an error', async () => Promise.reject(new Error('quota exceeded')), /quota exceeded/],
    ['nothing in time', () => new Promise(() => {}), /no answer within 50 ms/],
  ];
  for (const [what, embed, message] of cases) {
    it(what, async () => {
      await expect(
        embedQuery(broken(embed), 'a question', { timeoutMs: 50 }),
      ).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(message),
      });
    });
  }

  it('an embedder is not asked an empty question', async () => {
    await expect(embedQuery(hashingEmbedder(), ' \n')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
