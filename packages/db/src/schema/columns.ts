import { createId } from '@paralleldrive/cuid2';
import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, text } from 'drizzle-orm/pg-core';

/** The primary key of every table here: a CUID2. It does not sort by time; order by a timestamp. */
export const cuid = () =>
  text('id')
    .primaryKey()
    .$defaultFn(() => createId());

/** A CHECK that only a SHA-256 in hex is ever stored: a plain token is refused by the database. */
export const checkTokenHash = (name: string, column: AnyPgColumn) =>
  check(name, sql`${column} ~ '^[0-9a-f]{64}$'`);
