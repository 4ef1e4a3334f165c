import { ConflictError, InvalidInputError } from '@reference/kit';
import { EmbeddingError } from '../embedders/embedder.ts';
import type { Tenancy } from '../tenancy.ts';
import { type AddDocumentOptions, type AddedDocument, addDocument } from './add-document.ts';
import { readDocument, textFiles } from './read-file.ts';

/**
 * The result for one file. `skipped` is a problem of the file, `failed` one of the embedder or the
 * disk.
 */
export interface IngestedFile {
  readonly path: string;
  readonly outcome: AddedDocument['outcome'] | 'skipped' | 'failed';
  readonly chunkCount: number;
  /** Why it was skipped, or failed. */
  readonly reason?: string;
}

/**
 * Adds every Markdown and text file below a folder. A second run embeds only changed files.
 *
 * @param options.onFile called with the result of each file
 * @param options.concurrency files at once, default 4; give the tenancy a pool to match
 * @throws the errors of `withTenant`; a file's own problem is only reported
 */
export async function ingestFolder(
  tenancy: Tenancy,
  tenantId: string,
  folder: string,
  {
    concurrency = 4,
    onFile,
    ...options
  }: AddDocumentOptions & {
    concurrency?: number;
    onFile?: (file: IngestedFile) => void;
  },
): Promise<void> {
  const { files, problems } = await textFiles(folder);
  for (const { path, reason } of problems) {
    onFile?.({
      path,
      outcome: 'skipped',
      chunkCount: 0,
      reason: `It was left out, because ${reason}.`,
    });
  }
  const left = [...files].reverse();
  const worker = async () => {
    for (;;) {
      const path = left.pop();
      if (path === undefined) return;
      const outcome = await ingestFile(tenancy, tenantId, path, options);
      onFile?.({ path, ...outcome });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

async function ingestFile(
  tenancy: Tenancy,
  tenantId: string,
  path: string,
  options: AddDocumentOptions,
): Promise<Omit<IngestedFile, 'path'>> {
  try {
    const document = await readDocument(path, options.maxBytes);
    const { outcome, chunkCount } = await addDocument(tenancy, tenantId, document, options);
    return { outcome, chunkCount };
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof ConflictError) {
      return { outcome: 'skipped', chunkCount: 0, reason: error.message };
    }
    const unreadable = error instanceof Error && 'syscall' in error;
    if (error instanceof EmbeddingError || unreadable) {
      return { outcome: 'failed', chunkCount: 0, reason: error.message };
    }
    throw error;
  }
}
