import { Column, is, noopDecoder } from 'drizzle-orm';
import { PgCustomColumn, PgJson, PgJsonb, PgTimestamp } from 'drizzle-orm/pg-core';
import { parseArray } from '../array-text.ts';
import { PgArray } from './drizzle.ts';

/** Decodes a driver's value; never called for null. Undefined if the value needs no decoding. */
export type Decode = ((value: unknown) => unknown) | undefined;

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

/** The decoding of a selected field: a column, an expression, its alias, or a subquery's field. */
export function decoderOf(field: unknown): Decode {
  const decoder = findDecoder(field);
  if (!decoder) throw new TypeError('A selected field has no decoder.');
  if (decoder === noopDecoder) return undefined;
  return is(decoder, Column)
    ? columnDecoder(decoder)
    : (value) => decoder.mapFromDriverValue(value);
}

/** Decodes as Drizzle's columns do, but corrects JSON, instants long ago and null in an array. */
export function columnDecoder(column: Column): Decode {
  if (is(column, PgArray)) {
    const element = columnDecoder(column.baseColumn);
    return (value) => arrayOf(typeof value === 'string' ? parseArray(value) : value, element);
  }
  // The driver has parsed JSON; parsed once more, a JSON string that looks like a number becomes one.
  if (is(column, PgJson) || is(column, PgJsonb)) return undefined;
  if (is(column, PgTimestamp)) {
    return (value) =>
      typeof value === 'string' ? instantOf(column.withTimezone ? value : `${value}+00`) : value;
  }
  if (column.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  if (isBytes(column)) {
    // Related rows travel as JSON, which holds bytes as text.
    return (value) => column.mapFromDriverValue(typeof value === 'string' ? bytesOf(value) : value);
  }
  return (value) => column.mapFromDriverValue(value);
}

const isBytes = (column: Column): boolean =>
  is(column, PgCustomColumn) && column.getSQLType() === 'bytea';

const bytesOf = (text: string) => Buffer.from(text.replace(/^\\x/, ''), 'hex');

function arrayOf(value: unknown, element: Decode): unknown {
  if (Array.isArray(value)) return value.map((item) => arrayOf(item, element));
  return value === null || !element ? value : element(value);
}

/** `new Date` misreads years before 100, and reads neither BC nor years of five digits. */
function instantOf(text: string): Date {
  if (isUsual(text)) return new Date(text);
  const parts = /^(\d{4,6})(-\d\d-\d\d) ([\d:.]+)\+00( BC)?$/.exec(text);
  if (!parts) return new Date(text);
  const [, year = '', date, time, bc] = parts;
  if (year.length === 4 && !bc) return new Date(`${year}${date}T${time}Z`);
  const astronomical = bc ? 1 - Number(year) : Number(year);
  const sign = astronomical < 0 ? '-' : '+';
  return new Date(`${sign}${String(Math.abs(astronomical)).padStart(6, '0')}${date}T${time}Z`);
}

/** `2026-11-29 17:45:00.123+00` of a year from 100 on, which `new Date` reads right, and twice as fast. */
const isUsual = (text: string) =>
  text.charCodeAt(4) === 45 &&
  text.charCodeAt(text.length - 3) === 43 &&
  text.charCodeAt(0) + text.charCodeAt(1) > 96;

/** A column decodes itself; an expression, its alias and a subquery hold a decoder. */
function findDecoder(field: unknown): Decoder | undefined {
  if (typeof field !== 'object' || field === null) return undefined;
  if (isDecoder(field)) return field;
  if ('decoder' in field && isDecoder(field.decoder)) return field.decoder;
  if ('sql' in field) return findDecoder(field.sql);
  return '_' in field ? findDecoder(field._) : undefined;
}

const isDecoder = (value: unknown): value is Decoder =>
  typeof value === 'object' &&
  value !== null &&
  'mapFromDriverValue' in value &&
  typeof value.mapFromDriverValue === 'function';
