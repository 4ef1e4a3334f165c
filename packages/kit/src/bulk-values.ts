import { is } from 'drizzle-orm';
import { type PgColumn, PgJson, PgJsonb } from 'drizzle-orm/pg-core';
import { InvalidInputError } from './errors.ts';

/**
 * The value, else the one that Drizzle's insert fills in; undefined stands for the database's
 * DEFAULT.
 */
export function valueOrDefault(column: PgColumn, value: unknown): unknown {
  if (value !== undefined) return value;
  if (column.defaultFn) return column.defaultFn();
  return column.default === undefined ? column.onUpdateFn?.() : undefined;
}

/**
 * A value as JSON: text that the column's type reads, or the value itself in a JSON column.
 * @throws InvalidInputError naming the row's index and the column
 */
export function encodeJson(column: PgColumn, value: unknown, index: number): string {
  return inRow(column, index, () => {
    if (value === null) return 'null';
    if (isJson(column)) return storableJson(value);
    const text = toText(column.mapToDriverValue(value));
    return typeof text === 'string' ? JSON.stringify(storable(text)) : String(text);
  });
}

const copyEscapes = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/**
 * A value in COPY's text format.
 * @throws InvalidInputError naming the row's index and the column
 */
export function encodeCopy(column: PgColumn, value: unknown, index: number): string {
  return inRow(column, index, () => {
    // The server refuses the default marker for a column without a default.
    if (value === undefined) return column.hasDefault ? '\\D' : '\\N';
    if (value === null) return '\\N';
    const text = isJson(column)
      ? storableJson(value)
      : storable(String(toText(column.mapToDriverValue(value))));
    return text.replace(/[\\\t\n\r]/g, (character) => copyEscapes.get(character) ?? character);
  });
}

const isJson = (column: PgColumn) => is(column, PgJsonb) || is(column, PgJson);

/** A NUL or half a surrogate pair as JSON writes it, unless the backslash is itself escaped. */
const escapedUnstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function inRow(column: PgColumn, index: number, encode: () => string): string {
  try {
    return encode();
  } catch (error) {
    const reason = error instanceof InvalidInputError ? error.message : 'does not fit the column.';
    throw new InvalidInputError(`Row ${index}, column ${column.name}: the value ${reason}`, {
      column: column.name,
    });
  }
}

function toText(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  throw new InvalidInputError('can not be sent in bulk; use a plain insert for SQL expressions.');
}

function storable(text: string): string {
  if (text.includes('\0')) throw new InvalidInputError(nul);
  if (/\p{Surrogate}/u.test(text)) throw new InvalidInputError(halfPair);
  return text;
}

function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  const found = escapedUnstorable.exec(text);
  if (found) throw new InvalidInputError(found[0].endsWith('u0000') ? nul : halfPair);
  return text;
}

const nul = "holds a NUL character, which PostgreSQL can't store.";
const halfPair = "holds half a surrogate pair, which UTF-8 can't store.";
