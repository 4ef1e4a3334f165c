import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, NotFoundError } from '@reference/kit';
import { z } from 'zod';
import { mostFileBytes } from '../workspace/file/limits.ts';

/** The types that may be uploaded, and their first bytes; text has no signature, but must not hold NUL. */
const kinds = [
  { mimeType: 'application/pdf', begins: '%PDF-' },
  { mimeType: 'image/png', begins: '\x89PNG\r\n' },
  { mimeType: 'image/jpeg', begins: '\xff\xd8\xff' },
  { mimeType: 'image/gif', begins: 'GIF8' },
] as const;
const contentHash = z.string().regex(/^[0-9a-f]{64}$/);

/** Where the demo keeps what does not belong in a database. */
export const storageFolder = () => process.env.DEMO_FILES ?? '.files';
/** Made of the hash alone: no name from outside becomes part of a path. */
const pathOf = (hash: string) => join(storageFolder(), hash.slice(0, 2), contentHash.parse(hash));

/**
 * Checks the bytes of an upload and stores them under their hash.
 *
 * @returns what `recordUpload` takes
 * @throws InvalidInputError for an empty file, a larger one, or another kind of content
 */
export async function storeUpload(bytes: Uint8Array) {
  if (bytes.byteLength === 0) throw new InvalidInputError('This file is empty. Choose another.');
  if (bytes.byteLength > mostFileBytes) {
    throw new InvalidInputError('This file is larger than 10 MB. Choose a smaller one.');
  }
  const mimeType = kindOf(bytes);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const storagePath = pathOf(hash);
  await mkdir(join(storagePath, '..'), { recursive: true });
  // A file of that hash is of that content, so that it may be there already.
  await writeFile(storagePath, bytes, { flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return { contentHash: hash, sizeBytes: bytes.byteLength, mimeType, storagePath };
}

/** By the content and not by what the browser says of it. */
function kindOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  const kind = kinds.find(({ begins }) => start.startsWith(begins));
  if (kind) return kind.mimeType;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return 'text/plain';
  } catch {
    // Not UTF-8, so it is no text.
  }
  throw new InvalidInputError('Only PDF, PNG, JPEG, GIF and plain text are taken.');
}

/** @throws NotFoundError when the bytes are not there any more */
export async function readUpload(hash: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(pathOf(hash));
  } catch {
    throw new NotFoundError('The content of this file is not stored here. Upload it again.');
  }
}
