import { type PgColumn, PgVarchar } from 'drizzle-orm/pg-core';

/** A value as it travels inside the JSON parameter. */
export type Cell = unknown;

/** The problem of a value, for "Row 3, field title: …". It never quotes the value. */
export class CellError extends Error {}

/** Checks one column's values, encodes them and decodes them from the JSON parameter. */
export interface ColumnCodec {
  /** @throws CellError when the column cannot hold the value */
  readonly encode: (value: NonNullable<unknown>) => Cell;
  /** SQL that turns element `index` of the JSON array `e` into the column's type. */
  readonly decode: (index: number) => string;
}

/** Times that `timestamptz` can hold and a `Date` can express, in milliseconds since 1970. */
const earliest = Date.UTC(-4712, 0, 1);
const latest = 8.64e15;
const int4 = 2_147_483_647;

/**
 * Chooses the codec of a column from its type. It does not use the Zod schema, which at 41 columns
 * costs more than sending the row (see bench). A test holds both equal.
 *
 * @param pattern what a string must look like, beyond its length
 * @throws Error when the column's type has no codec; add one here
 */
export function codecOf(column: PgColumn, pattern?: RegExp): ColumnCodec {
  switch (column.columnType) {
    case 'PgText':
    case 'PgVarchar':
      return text(column instanceof PgVarchar ? column.length : undefined, pattern);
    case 'PgInteger':
      return { encode: integer, decode: cast('integer') };
    case 'PgDoublePrecision':
      return { encode: double, decode: cast('double precision') };
    case 'PgBoolean':
      return { encode: boolean, decode: cast('boolean') };
    case 'PgTimestamp':
      return {
        encode: instant,
        // Milliseconds, because an ISO string costs more than the rest of the row.
        decode: (index) => `to_timestamp((e->>${index})::double precision / 1000)::timestamptz(3)`,
      };
    case 'PgDateString':
      return { encode: calendarDate, decode: cast('date') };
    case 'PgArray':
      return { encode: textArray, decode: cast('text[]') };
    case 'PgJsonb':
      return { encode: (value) => value, decode: (index) => `nullif(e->${index}, 'null')` };
    default:
      throw new Error(`No codec for the type ${column.getSQLType()} of ${column.name}.`);
  }
}

const cast = (type: string) => (index: number) => `(e->>${index})::${type}`;

function text(limit: number | undefined, pattern: RegExp | undefined): ColumnCodec {
  return {
    decode: (index) => `e->>${index}`,
    encode(value) {
      if (typeof value !== 'string') throw new CellError(`expected a string, got ${kind(value)}`);
      // PostgreSQL counts characters and `length` UTF-16 units, so count only where it matters.
      if (limit !== undefined && value.length > limit && [...value].length > limit) {
        throw new CellError(`${[...value].length} characters, the column holds ${limit}`);
      }
      if (pattern !== undefined && !pattern.test(value)) {
        throw new CellError(`does not look like ${pattern.source}`);
      }
      return value;
    },
  };
}

function integer(value: unknown): Cell {
  if (!Number.isInteger(value)) throw new CellError(`expected an integer, got ${kind(value)}`);
  if (Math.abs(Number(value)) > int4) throw new CellError('out of range: beyond ±2147483647');
  return value;
}

function double(value: unknown): Cell {
  if (!Number.isFinite(value)) throw new CellError(`expected a finite number, got ${kind(value)}`);
  return value;
}

function boolean(value: unknown): Cell {
  if (typeof value !== 'boolean') throw new CellError(`expected a boolean, got ${kind(value)}`);
  return value;
}

function instant(value: unknown): Cell {
  if (!(value instanceof Date)) throw new CellError(`expected a Date, got ${kind(value)}`);
  const time = value.getTime();
  if (Number.isNaN(time)) throw new CellError('an invalid date');
  if (time < earliest || time > latest) throw new CellError('out of range: before 4713 BC');
  return time;
}

function calendarDate(value: unknown): Cell {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    throw new CellError('expected a date such as 2026-01-31');
  }
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value) {
    throw new CellError('a day that the calendar does not have');
  }
  return value;
}

/**
 * A PostgreSQL array literal, because one cast is faster than a subquery over JSON elements per
 * row.
 */
function textArray(value: unknown): Cell {
  if (!Array.isArray(value)) throw new CellError(`expected a list, got ${kind(value)}`);
  let literal = '{';
  for (const item of value) {
    if (typeof item !== 'string') throw new CellError(`expected strings, got ${kind(item)}`);
    if (literal.length > 1) literal += ',';
    literal += `"${item.replace(/["\\]/g, '\\$&')}"`;
  }
  return `${literal}}`;
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : typeof value;
}
