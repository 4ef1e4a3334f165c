import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check } from 'drizzle-orm/pg-core';
import type { z } from 'zod';

/**
 * A CHECK that a column holds what a keyring sealed (a compact JWE: header..iv.ciphertext.tag) or NULL, so
 * that a plain secret cannot be stored by mistake, not even by hand.
 */
export const sealedCheck = (name: string, column: AnyPgColumn) =>
  check(
    name,
    sql`${column} ~ '^eyJ[A-Za-z0-9_-]+[.]{2}[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*[.][A-Za-z0-9_-]+$'`,
  );

/** The same for a field of an insert or update schema; the message does not quote the value. */
export const sealedField = (field: z.ZodString) =>
  field.regex(
    /^eyJ[\w-]+\.\.[\w-]+\.[\w-]*\.[\w-]+$/,
    'must be sealed with the keyring before it is stored',
  );
