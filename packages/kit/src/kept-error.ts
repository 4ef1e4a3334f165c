import { DbError } from './errors.ts';

/**
 * The text of an error that a table may keep: a `DbError` holds no value, and of another error only its
 * name is sure to hold none. PostgreSQL can store it, whatever the message was made of.
 */
export function keptError(error: unknown): string {
  const text =
    error instanceof DbError ? error.message : error instanceof Error ? error.name : typeof error;
  return text.replaceAll('\0', '').slice(0, 500).toWellFormed();
}
