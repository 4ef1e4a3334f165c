import { createHash } from 'node:crypto';
import { ConflictError, mapConstraints } from '@reference/kit';
import { and, eq, or } from 'drizzle-orm';
import { documents } from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';
import type { CheckedDocument } from './document-input.ts';

interface Found<Outcome> {
  readonly documentId: string;
  readonly outcome: Outcome;
  readonly chunkCount: number;
}

/** A document to embed. */
export type Claim = Found<'added' | 'replaced'>;
/** A document whose text is stored already. */
export type Seen = Found<'unchanged' | 'duplicate'>;

export const isSeen = (found: Claim | Seen): found is Seen =>
  found.outcome === 'unchanged' || found.outcome === 'duplicate';

/** SHA-256 of the text, hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Finds or creates the text's document and marks it as processing, unless the text is stored
 * already. It takes up a document that failed, or that a lost process left unfinished.
 *
 * @throws ConflictError when this address has a document and another document has the new text
 */
export async function claimDocument(
  tx: TenantTx,
  document: CheckedDocument,
): Promise<Claim | Seen> {
  const hash = hashOf(document.text);
  const { title, source, sourceUrl = null, mimeType = null, metadata } = document;
  const values = { title, source, sourceUrl, mimeType, metadata, contentHash: hash };
  const [created] = await tx.db
    .insert(documents)
    .values({ ...values, tenantId: tx.tenantId, status: 'processing' })
    .onConflictDoNothing()
    .returning({ documentId: documents.id });
  if (created) return { ...created, outcome: 'added', chunkCount: 0 };

  const known = await tx.db
    .select({
      documentId: documents.id,
      contentHash: documents.contentHash,
      sourceUrl: documents.sourceUrl,
      status: documents.status,
      chunkCount: documents.chunkCount,
    })
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, tx.tenantId),
        or(
          eq(documents.contentHash, hash),
          sourceUrl === null ? undefined : eq(documents.sourceUrl, sourceUrl),
        ),
      ),
    )
    .orderBy(documents.id)
    .for('update');
  const sameAddress = known.find((row) => sourceUrl !== null && row.sourceUrl === sourceUrl);
  const sameText = known.find((row) => row.contentHash === hash);
  const found = sameAddress ?? sameText;
  // The row was deleted between the two statements, so the text can be inserted now.
  if (!found) return claimDocument(tx, document);

  const { documentId, chunkCount } = found;
  if (found.contentHash === hash && found.status === 'ready') {
    const moved = !sameAddress && sourceUrl !== null;
    return { documentId, chunkCount, outcome: moved ? 'duplicate' : 'unchanged' };
  }
  if (sameAddress && sameText && sameAddress !== sameText) throw otherDocument(sameText.documentId);
  await mapConstraints(
    tx.db
      .update(documents)
      .set({ ...values, status: 'processing', error: null })
      .where(and(eq(documents.tenantId, tx.tenantId), eq(documents.id, documentId))),
    { documents_tenant_id_content_hash_key: () => otherDocument('') },
  );
  return { documentId, chunkCount, outcome: chunkCount > 0 ? 'replaced' : 'added' };
}

const otherDocument = (id: string) =>
  new ConflictError(`Another document ${id} already has this text. Delete one of the two.`);
