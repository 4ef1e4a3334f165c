import { embeddingDimensions } from '../schema/index.ts';
import type { Embedder } from './embedder.ts';

/** Words that reveal nothing of a text's subject. */
const stopWords = new Set(
  `a about after all also an and any are as at be been but by can could did do does for from get had has
  have how i if in into is it its like may me more most my no not of on one only or other our out over
  should so some such than that the their them then there these they this those to up use used using was
  we were what when where which while who why will with would you your`.split(/\s+/),
);

/**
 * An embedder that needs no network and no model. It hashes each word, and each pair of
 * neighbouring words, to a component and a sign, weights it by the logarithm of its count, and
 * scales the vector to length 1 (feature hashing, Weinberger et al. 2009). The same text gives the
 * same vector everywhere.
 *
 * It is **lexical**: near vectors share words, not meaning. For tests, demos and measurements; use
 * `aiSdkEmbedder` where synonyms matter.
 */
export function hashingEmbedder(): Embedder {
  return {
    model: 'hashing-v1',
    dimensions: embeddingDimensions,
    batchSize: 256,
    embed: async (texts) => texts.map(hashText),
  };
}

function hashText(text: string): number[] {
  const counts = new Map<string, number>();
  for (const feature of features(text)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  // A text of only stop words and punctuation needs a direction, too.
  if (counts.size === 0) counts.set(text, 1);
  const vector = new Array<number>(embeddingDimensions).fill(0);
  for (const [feature, count] of counts) {
    const hash = fnv1a(feature);
    const component = hash % embeddingDimensions;
    const weight = (1 + Math.log(count)) * (feature.includes(' ') ? 0.5 : 1);
    vector[component] = (vector[component] ?? 0) + (hash & 0x80000000 ? -weight : weight);
  }
  const length = Math.hypot(...vector);
  // Features that cancel out exactly: the first component stands for "nothing".
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}

function* features(text: string): Generator<string> {
  let previous: string | undefined;
  for (const [word] of splitCamelCase(text)
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]+/gu)) {
    if (stopWords.has(word)) continue;
    const stem = stemOf(word);
    yield stem;
    if (previous) yield `${previous} ${stem}`;
    previous = stem;
  }
}

/** `streamText` is about streams and text. */
const splitCamelCase = (text: string) => text.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2');

/** Removes the commonest English endings, so that "streams", "streamed" and "streaming" match. */
function stemOf(word: string): string {
  if (word.length < 5) return word.replace(/(?<=[^s]{2})s$/, '');
  return word
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(ing|ed)$/, '')
    .replace(/e$/, '');
}

/** FNV-1a over UTF-16 code units, 32 bits, with a final mix so that low and high bits are independent. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
