import { InvalidInputError, parseInput } from '@reference/kit';
import { z } from 'zod';
import { documentSource, metadataSchema } from '../schema/index.ts';

/**
 * Larger texts are refused, because all chunks of a text are held in memory until they are written
 * as one set.
 */
export const defaultMaxBytes = 10 * 1024 * 1024;

const documentInputSchema = z.object({
  title: z.string().trim().min(1).max(1000),
  /** Markdown or plain text. */
  text: z.string(),
  source: z.enum(documentSource.enumValues).default('upload'),
  /** The document's address. Adding the same address again replaces the document's chunks. */
  sourceUrl: z
    .string()
    .min(1)
    .refine((url) => Buffer.byteLength(url) <= 2000, { error: 'is longer than 2,000 bytes' })
    .optional(),
  mimeType: z.string().min(1).max(255).optional(),
  metadata: metadataSchema.default({}),
});

export type DocumentInput = z.input<typeof documentInputSchema>;
export type CheckedDocument = z.output<typeof documentInputSchema>;

/** @throws InvalidInputError for an empty text, one over `maxBytes`, and binary data */
export function parseDocument(input: DocumentInput, maxBytes = defaultMaxBytes): CheckedDocument {
  const size = typeof input.text === 'string' ? Buffer.byteLength(input.text) : 0;
  if (size > maxBytes) {
    throw new InvalidInputError(
      `The document has ${size} bytes; at most ${maxBytes} are taken at once. Split it into documents of their own.`,
    );
  }
  const document = parseInput(documentInputSchema, input);
  const text = Buffer.from(document.text)
    .toString()
    .replace(/^\uFEFF/, '');
  if (text.trim() === '') {
    throw new InvalidInputError('The document is empty: there is nothing to retrieve.');
  }
  if (looksBinary(text)) {
    throw new InvalidInputError('The document is not text. Extract its text first.');
  }
  return { ...document, text };
}

/** Looks for NUL, which PostgreSQL stores in no text, or many replacement characters. */
function looksBinary(text: string): boolean {
  if (text.includes('\u0000')) return true;
  const sample = text.slice(0, 8192);
  const replaced = sample.split('\uFFFD').length - 1;
  return replaced > sample.length / 20;
}
