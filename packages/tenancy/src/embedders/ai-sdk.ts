import { type EmbeddingModel, embedMany } from 'ai';
import { embeddingDimensions } from '../schema/index.ts';
import type { Embedder } from './embedder.ts';

/**
 * An embedder over any provider of the AI SDK, for example
 * `aiSdkEmbedder({ model: openai.embedding('text-embedding-3-small') })`.
 *
 * @param options.model must give 1,536 dimensions, which many models take in `providerOptions`
 * @param options.name stored with every chunk; default the model's own id. Change it together with
 *   anything that changes the vectors
 * @param options.maxRetries of one call to the provider, default 2
 */
export function aiSdkEmbedder(options: {
  model: EmbeddingModel;
  name?: string | undefined;
  batchSize?: number | undefined;
  maxRetries?: number | undefined;
  providerOptions?: Parameters<typeof embedMany>[0]['providerOptions'];
}): Embedder {
  const { model, maxRetries = 2, providerOptions } = options;
  return {
    model:
      options.name ?? (typeof model === 'string' ? model : `${model.provider}:${model.modelId}`),
    dimensions: embeddingDimensions,
    batchSize: options.batchSize ?? 96,
    async embed(texts, signal) {
      const { embeddings } = await embedMany({
        model,
        values: [...texts],
        maxRetries,
        ...(signal && { abortSignal: signal }),
        ...(providerOptions && { providerOptions }),
      });
      return embeddings;
    },
  };
}
