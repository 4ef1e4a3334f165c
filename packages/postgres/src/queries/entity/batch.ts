import type { EntityColumns } from './entity-columns.ts';
import { encodeRow } from './row-encoder.ts';

export type Row = Readonly<Record<string, unknown>>;
/** A row with its place in the caller's input. */
export type NumberedRow = { readonly row: Row; readonly index: number };

/** Rows that hold the same fields, written as the elements of a JSON array. */
export interface Group {
  readonly fields: number;
  readonly elements: string[];
}

/** What one batch sends, and the rows it came from, for the error of a bad one. */
export interface Batch {
  readonly groups: Group[];
  readonly rows: readonly NumberedRow[];
}

/** More rows in a statement gain nothing (see bench), and memory is bounded by one batch. */
const batchRows = 5_000;
const groupLength = 32 * 1024 * 1024;

/** Cuts any source of rows into arrays of `batchRows`. */
export async function* chunksOf(
  rows: Iterable<Row> | AsyncIterable<Row>,
): AsyncGenerator<readonly Row[]> {
  if (Array.isArray(rows)) {
    for (let start = 0; start < rows.length; start += batchRows) {
      yield rows.slice(start, start + batchRows);
    }
    return;
  }
  let chunk: Row[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < batchRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Checks and writes the rows of one chunk. Of rows with one key the newest wins, and of those the
 * last; a field that it does not hold comes from the one before, as in two calls.
 *
 * @param start the place of the chunk's first row in the caller's input
 * @throws InvalidInputError naming the row and the field
 */
export function encodeBatch(entity: EntityColumns, chunk: readonly Row[], start: number): Batch {
  const rows = withoutDuplicates(entity, chunk, start);
  const groups: Group[] = [];
  const open = new Map<number, { group: Group; length: number }>();
  for (const { row, index } of rows) {
    const { fields, json } = encodeRow(entity, row, index);
    let entry = open.get(fields);
    if (!entry || entry.length + json.length > groupLength) {
      entry = { group: { fields, elements: [] }, length: 0 };
      open.set(fields, entry);
      groups.push(entry.group);
    }
    entry.group.elements.push(json);
    entry.length += json.length;
  }
  return { groups, rows };
}

function withoutDuplicates(
  entity: EntityColumns,
  chunk: readonly Row[],
  start: number,
): readonly NumberedRow[] {
  const byKey = new Map<unknown, NumberedRow>();
  const invalid: NumberedRow[] = [];
  for (const [offset, row] of chunk.entries()) {
    const numbered = { row, index: start + offset };
    const key = row[entity.key.field];
    if (typeof key !== 'string') {
      invalid.push(numbered);
      continue;
    }
    const earlier = byKey.get(key);
    byKey.set(key, earlier ? mergeRows(entity, earlier, numbered) : numbered);
  }
  // Rows without a key come first: encodeRow refuses them.
  return invalid.length > 0 ? invalid : [...byKey.values()];
}

function mergeRows(entity: EntityColumns, earlier: NumberedRow, later: NumberedRow): NumberedRow {
  const version = entity.version?.field;
  const [before, after] = version ? [earlier.row[version], later.row[version]] : [];
  if (before instanceof Date && after instanceof Date && after < before) return earlier;
  const held = Object.entries(later.row).filter(([, value]) => value !== undefined);
  return { row: { ...earlier.row, ...Object.fromEntries(held) }, index: later.index };
}
