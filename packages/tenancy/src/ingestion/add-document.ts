import { ConflictError } from '@reference/kit';
import { type Embedder, EmbeddingError, embedChecked } from '../embedders/embedder.ts';
import { chooseEmbedder } from '../embedders/tenant-model.ts';
import type { Tenancy } from '../tenancy.ts';
import { withTenant } from '../with-tenant.ts';
import { type Claim, claimDocument, hashOf, isSeen } from './claim-document.ts';
import { type DocumentInput, parseDocument } from './document-input.ts';
import { embeddedText } from './embedded-text.ts';
import { type Passage, type SplitOptions, splitMarkdown } from './split-markdown.ts';
import { ModelChanged, markFailed, type NewChunk, replaceChunks } from './write-chunks.ts';

export interface AddDocumentOptions extends SplitOptions {
  /** One embedder, or several to choose from by the tenant's model while it moves to another one. */
  readonly embedder: Embedder | readonly Embedder[];
  /** Time limit of one batch; default a minute. */
  readonly timeoutMs?: number | undefined;
  /** Default 10 MiB. */
  readonly maxBytes?: number | undefined;
  readonly onProgress?: ((progress: { embedded: number; total: number }) => void) | undefined;
}

export interface AddedDocument {
  readonly documentId: string;
  /**
   * `unchanged`: this address has this text already. `duplicate`: another document, `documentId`,
   * has it. Neither embeds anything.
   */
  readonly outcome: 'added' | 'replaced' | 'unchanged' | 'duplicate';
  readonly chunkCount: number;
}

/**
 * Adds a text for retrieval: splits it, embeds the passages in batches, and writes the document's
 * chunks as one set. No transaction is open while the embedder works, which may take minutes.
 *
 * A seen text changes nothing. A changed text under a known `sourceUrl` replaces the old chunks in
 * one transaction, so a search finds the old set or the new one.
 *
 * @throws InvalidInputError for a text that is empty, too large or binary; nothing is stored
 * @throws EmbeddingError when the embedder fails; the document is left `failed`, with the reason
 *   and its former chunks, and the same call retries it
 * @throws ConflictError when another document has the new text, or when another call has given this
 *   document a newer text meanwhile
 */
export async function addDocument(
  tenancy: Tenancy,
  tenantId: string,
  input: DocumentInput,
  options: AddDocumentOptions,
): Promise<AddedDocument> {
  const document = parseDocument(input, options.maxBytes);
  const claim = await withTenant(tenancy, tenantId, (tx) => claimDocument(tx, document));
  if (isSeen(claim)) return claim;
  const hash = hashOf(document.text);

  try {
    const passages = [...splitMarkdown(document.text, options)];
    return await embedAndWrite(
      tenancy,
      tenantId,
      { ...claim, title: document.title, hash },
      passages,
      options,
    );
  } catch (error) {
    const reason = error instanceof EmbeddingError ? error.message : 'The document was not stored.';
    await withTenant(tenancy, tenantId, (tx) =>
      markFailed(tx, { documentId: claim.documentId, hash, reason }),
    );
    throw error;
  }
}

/** Repeats once if the tenant's model changes during the embedding. */
async function embedAndWrite(
  tenancy: Tenancy,
  tenantId: string,
  claim: Claim & { title: string; hash: string },
  passages: readonly Passage[],
  options: AddDocumentOptions,
): Promise<AddedDocument> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const embedder = await withTenant(tenancy, tenantId, (tx) =>
      chooseEmbedder(tx, options.embedder),
    );
    const chunks = await embedPassages(claim.title, passages, embedder, options);
    try {
      await withTenant(tenancy, tenantId, (tx) =>
        replaceChunks(tx, { ...claim, model: embedder.model, chunks }),
      );
      return { documentId: claim.documentId, outcome: claim.outcome, chunkCount: chunks.length };
    } catch (error) {
      if (!(error instanceof ModelChanged)) throw error;
    }
  }
  throw new ConflictError(
    "The tenant's embedding model changed three times. Add the document again.",
  );
}

async function embedPassages(
  title: string,
  passages: readonly Passage[],
  embedder: Embedder,
  { timeoutMs = 60_000, onProgress }: AddDocumentOptions,
): Promise<NewChunk[]> {
  const chunks: NewChunk[] = [];
  for (let start = 0; start < passages.length; start += embedder.batchSize) {
    const batch = passages.slice(start, start + embedder.batchSize).map((passage) => ({
      ...passage,
      heading: placeOf(title, passage.heading),
    }));
    const texts = batch.map(({ heading, content }) => embeddedText(heading, content));
    const vectors = await embedChecked(embedder, texts, timeoutMs);
    for (const [index, passage] of batch.entries()) {
      chunks.push({ ...passage, embedding: vectors[index] ?? [] });
    }
    onProgress?.({ embedded: chunks.length, total: passages.length });
  }
  return chunks;
}

/** The title and the headings, without a first heading that repeats the title. */
function placeOf(title: string, heading: string): string {
  if (heading === title || heading.startsWith(`${title} > `)) return heading;
  return heading ? `${title} > ${heading}` : title;
}
