import { DbError } from './errors.ts';

/**
 * The text of an error that a table may keep: a `DbError` holds no value, and of another error only its
 * name is sure to hold none. PostgreSQL can store it, whatever the message was made of.
 */
export function keptError(error: unknown): string {
  const text =
    error instanceof DbError ? error.message : error instanceof Error ? error.name : typeof error;
  // As toWellFormed, which a project on ES2023 does not know: half a pair of code units stands alone.
  return text
    .replaceAll('\0', '')
    .slice(0, 500)
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
