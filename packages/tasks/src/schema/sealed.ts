import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, index } from 'drizzle-orm/pg-core';

/**
 * The id of the key that a stored value is sealed with, read from the header of its JWE in the
 * database. Every function in it is immutable, so an index can hold it; a separate column could
 * disagree with the value.
 */
export const sealingKeyId = (column: AnyPgColumn): SQL<string | null> =>
  sql<
    string | null
  >`((encode(decode(translate(split_part(${column}, '.', 1), '-_', '+/') || repeat('=', -length(split_part(${column}, '.', 1)) & 3), 'base64'), 'escape'))::jsonb ->> 'kid')`;

/** The index that finds the values still sealed with one key, in the order in which rotation walks them. */
export const sealingKeyIndex = (name: string, column: AnyPgColumn, id: AnyPgColumn) =>
  index(name).on(sealingKeyId(column), id).where(sql`${column} is not null`);
