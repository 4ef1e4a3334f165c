import { Column, getTableName, is, noopDecoder, SQL } from 'drizzle-orm';
import { PgJson, PgJsonb, PgTimestamp } from 'drizzle-orm/pg-core';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types';
import { dateOf } from './instant-text.ts';

type Decode = (value: unknown) => unknown;
type Row = Record<string, unknown>;

interface Field {
  readonly index: number;
  readonly key: string;
  /** Undefined when the driver's value is already the column's. */
  readonly decode: Decode | undefined;
}

/** A nested object of a joined select, such as `{ page: { id, title } }`. */
interface Group {
  readonly key: string;
  readonly fields: readonly Field[];
  /** The outer-joined table whose columns these all are: the object is null when all of them are. */
  readonly nullable: boolean;
}

/**
 * Turns rows as the driver gives them, arrays in select order, into what Drizzle's types promise.
 * Does what Drizzle's own mapper does, but looks up decoders once for a statement, not for a row.
 *
 * @param joinsNotNullable which joined tables always have a row, as Drizzle's builder found
 */
export function rowMapper(
  selected: SelectedFieldsOrdered,
  joinsNotNullable: Readonly<Record<string, boolean>> | undefined,
): (row: readonly unknown[]) => Row {
  const flat: Field[] = [];
  const nested = new Map<string, { field: Field; table: string | undefined }[]>();
  for (const [index, { path, field }] of selected.entries()) {
    const [first = '', second] = path;
    if (path.length > 2)
      throw new TypeError(`Selected field ${path.join('.')} is nested too deeply.`);
    const entry = { index, key: second ?? first, decode: decoderOf(field) };
    if (second === undefined) flat.push(entry);
    else {
      const table = is(field, Column) ? getTableName(field.table) : undefined;
      nested.set(first, [...(nested.get(first) ?? []), { field: entry, table }]);
    }
  }
  const groups = [...nested].map(([key, entries]): Group => {
    const tables = new Set(entries.flatMap(({ table }) => table ?? []));
    const [table] = tables;
    const nullable =
      joinsNotNullable !== undefined &&
      tables.size === 1 &&
      table !== undefined &&
      !joinsNotNullable[table];
    return { key, fields: entries.map(({ field }) => field), nullable };
  });
  return (row) => {
    const result = readFields(flat, row);
    for (const { key, fields, nullable } of groups) {
      const absent = nullable && fields.every(({ index }) => row[index] === null);
      result[key] = absent ? null : readFields(fields, row);
    }
    return result;
  };
}

/**
 * The decoding of rows that the driver already gives as wanted: objects whose every property is
 * named like its column. Nothing is copied; only the columns that need it are decoded in place.
 *
 * @returns undefined when a property is named otherwise or is nested
 */
export function inPlaceDecoder(selected: SelectedFieldsOrdered): ((row: Row) => void) | undefined {
  const names = new Set<string>();
  const decoded: { key: string; decode: Decode }[] = [];
  for (const { path, field } of selected) {
    const [key = ''] = path;
    if (path.length > 1 || resultName(field) !== key || names.has(key)) return undefined;
    names.add(key);
    const decode = decoderOf(field);
    if (decode) decoded.push({ key, decode });
  }
  return (row) => {
    for (const { key, decode } of decoded) {
      const value = row[key];
      if (value !== null) row[key] = decode(value);
    }
  };
}

/** The name under which the server returns a field; an expression without an alias has none. */
function resultName(field: unknown): string | undefined {
  if (is(field, Column)) return field.name;
  return is(field, SQL.Aliased) ? field.fieldAlias : undefined;
}

function readFields(fields: readonly Field[], row: readonly unknown[]): Row {
  const result: Row = {};
  for (const { index, key, decode } of fields) {
    const value = row[index];
    result[key] = value === null || decode === undefined ? value : decode(value);
  }
  return result;
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

function decoderOf(field: unknown): Decode | undefined {
  // The driver has parsed JSON already; Drizzle's decoder would parse a JSON string once more.
  if (is(field, PgJsonb) || is(field, PgJson)) return undefined;
  const decoder = findDecoder(field);
  if (!decoder) throw new TypeError('A selected field has no decoder.');
  if (decoder === noopDecoder) return undefined;
  if (decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  if (is(field, PgTimestamp) && field.withTimezone) return instantOf;
  return (value) => decoder.mapFromDriverValue(value);
}

const instantOf = (value: unknown) => (typeof value === 'string' ? dateOf(value) : value);

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
