import { DbError, InvalidInputError } from '@reference/kit';
import { embeddingDimensions } from '../schema/index.ts';

/** Turns texts into vectors whose cosine distance is the distance of their meanings. */
export interface Embedder {
  /** Stored with every chunk, because vectors of different models can't be compared. */
  readonly model: string;
  /** Components of each vector; must be those of the column, 1,536. */
  readonly dimensions: number;
  /** The most texts that `embed` takes at once. */
  readonly batchSize: number;
  /** One vector per text, in their order. `signal` ends the call at its time limit. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly (readonly number[])[]>;
}

/**
 * The embedder failed, took too long, or returned vectors that can't be stored. A retry may
 * succeed.
 */
export class EmbeddingError extends DbError {
  override readonly code = 'UNAVAILABLE';
}

/** @throws InvalidInputError when the embedder does not fit the column */
export function assertFits(embedder: Embedder): void {
  if (embedder.dimensions !== embeddingDimensions) {
    throw new InvalidInputError(
      `${embedder.model} gives ${embedder.dimensions} dimensions; the column holds ${embeddingDimensions}. Configure the model for ${embeddingDimensions}, or migrate the column.`,
    );
  }
}

/**
 * Embeds one batch and checks the vectors.
 * @throws EmbeddingError when the embedder fails or times out, or gives too few vectors, wrong
 *   dimensions, NaN, infinity, numbers beyond 32 bits, or a zero vector, which has no direction
 */
export async function embedChecked(
  embedder: Embedder,
  texts: readonly string[],
  timeoutMs: number,
): Promise<readonly (readonly number[])[]> {
  const fail = (problem: string, cause?: unknown) =>
    new EmbeddingError(`${embedder.model}: ${problem}`, { cause });
  const signal = AbortSignal.timeout(timeoutMs);
  const expired = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(fail(`no answer within ${timeoutMs} ms.`)), {
      once: true,
    });
  });
  let vectors: readonly (readonly number[])[];
  try {
    vectors = await Promise.race([embedder.embed(texts, signal), expired]);
  } catch (error) {
    if (error instanceof EmbeddingError) throw error;
    throw fail(
      error instanceof Error ? [...error.message].slice(0, 500).join('') : 'failed.',
      error,
    );
  }
  if (vectors.length !== texts.length) {
    throw fail(`gave ${vectors.length} vectors for ${texts.length} texts.`);
  }
  for (const vector of vectors) {
    if (vector.length !== embedder.dimensions) {
      throw fail(`gave a vector of ${vector.length} dimensions instead of ${embedder.dimensions}.`);
    }
    // Checks the stored form, in 32 bits, where 3e39 is infinite and 1e-46 is zero.
    const stored = vector.map(Math.fround);
    if (!stored.every(Number.isFinite)) {
      throw fail('gave a vector with NaN, infinity, or a number beyond 32 bits.');
    }
    if (stored.every((value) => value === 0)) throw fail('gave a zero vector.');
  }
  return vectors.map((vector) => vector.map(Math.fround));
}
