import { DbError } from './errors.ts';

/**
 * An error as text that a table may store. A `DbError`'s message holds no value; another error's
 * may, so only its name is kept. PostgreSQL can store the result, whatever the message held.
 */
export function keptError(error: unknown): string {
  const text =
    error instanceof DbError ? error.message : error instanceof Error ? error.name : typeof error;
  // Replaces lone surrogates as toWellFormed does, which ES2023 lacks.
  return text
    .replaceAll('\0', '')
    .slice(0, 500)
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
