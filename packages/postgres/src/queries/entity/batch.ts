import type { EntityColumns } from './entity-columns.ts';
import { type CheckedRow, type NumberedRow, type Row, rowChecker } from './row-checker.ts';

/** Checked rows that hold the same fields. */
export interface Group {
  readonly fields: number;
  readonly rows: CheckedRow[];
}

/** What one batch sends, and the rows it came from, for the error of a bad one. */
export interface Batch {
  readonly groups: readonly Group[];
  readonly rows: readonly NumberedRow[];
}

/** Whole rows of that many fit the default `work_mem` of 4 MB; of 5,000, the server sorts on disk. Memory is bounded by one batch. */
const batchRows = 2_000;

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
 * Checks the rows of one chunk. Of rows with one key the newest wins, and of those the last; a field
 * that it does not hold comes from the one before, as in two calls.
 *
 * @param start the place of the chunk's first row in the caller's input
 * @throws InvalidInputError naming the row and the field
 */
export function checkBatch(entity: EntityColumns, chunk: readonly Row[], start: number): Batch {
  const rows = withoutDuplicates(entity, chunk, start);
  const check = rowChecker(entity);
  const groups = new Map<number, Group>();
  for (const numbered of rows) {
    const row = check(numbered);
    const group = groups.get(row.fields);
    if (group) group.rows.push(row);
    else groups.set(row.fields, { fields: row.fields, rows: [row] });
  }
  return { groups: [...groups.values()], rows };
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
  // Rows without a key come first: the checker refuses them.
  return invalid.length > 0 ? invalid : [...byKey.values()];
}

function mergeRows(entity: EntityColumns, earlier: NumberedRow, later: NumberedRow): NumberedRow {
  const version = entity.version?.field;
  const [before, after] = version ? [earlier.row[version], later.row[version]] : [];
  if (before instanceof Date && after instanceof Date && after < before) return earlier;
  const held = Object.entries(later.row).filter(([, value]) => value !== undefined);
  return { row: { ...earlier.row, ...Object.fromEntries(held) }, index: later.index };
}
