import { randomInt } from 'node:crypto';
import { createId } from '@paralleldrive/cuid2';
import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, text } from 'drizzle-orm/pg-core';

/** The primary key of every table here: a CUID2. It does not sort by time; order by a timestamp. */
export const cuid = () =>
  text('id')
    .primaryKey()
    .$defaultFn(() => createId());

/**
 * The primary key of a log line: of a CUID2's form, but without its hashing, which takes 0.4 ms an
 * id and would limit a log to 2,000 lines a second (docs/adr/0014).
 */
export const logId = (name = 'id') =>
  text(name)
    .primaryKey()
    .$defaultFn(() => createLogId());

const letters = 'abcdefghijklmnopqrstuvwxyz';
const characters = `${letters}0123456789`;

/** A letter, then 23 letters or digits: 123 bits from the system's secure generator. */
export function createLogId(): string {
  let id = letters[randomInt(letters.length)] ?? '';
  while (id.length < 24) id += characters[randomInt(characters.length)] ?? '';
  return id;
}

/** A CHECK that a column holds a SHA-256 in hex, so that the database rejects a plain token. */
export const checkTokenHash = (name: string, column: AnyPgColumn) =>
  check(name, sql`${column} ~ '^[0-9a-f]{64}$'`);
