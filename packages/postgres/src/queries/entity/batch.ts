import type { EntityColumns } from './entity-columns.ts';
import type { PlacedRows, Row } from './row-checker.ts';

/**
 * This many whole rows fit the default `work_mem` of 4 MB; with 5,000, the server sorts on disk.
 * The client holds at most two batches.
 */
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
 * Leaves one row for each key. If rows have one key, the newest wins, and among equally new ones
 * the last; a field that it lacks comes from the one before, as in two calls.
 *
 * @param start the place of the chunk's first row in the caller's input
 * @returns if a row has no key, that row alone, for the checker to refuse
 */
export function distinctRows(
  entity: EntityColumns,
  chunk: readonly Row[],
  start: number,
): PlacedRows {
  const indexOf = new Map<string, number>();
  const rows: Row[] = [];
  const places: number[] = [];
  for (const [offset, row] of chunk.entries()) {
    const place = start + offset;
    const key = row[entity.key.field];
    if (typeof key !== 'string') return { rows: [row], places: [place] };
    const index = indexOf.get(key) ?? rows.length;
    const earlier = rows[index];
    if (earlier === undefined) {
      indexOf.set(key, index);
      rows.push(row);
      places.push(place);
    } else if (!isOlder(entity, row, earlier)) {
      rows[index] = merged(earlier, row);
      places[index] = place;
    }
  }
  return { rows, places };
}

function isOlder(entity: EntityColumns, row: Row, than: Row): boolean {
  if (!entity.version) return false;
  const [version, other] = [row[entity.version.field], than[entity.version.field]];
  return version instanceof Date && other instanceof Date && version < other;
}

function merged(earlier: Row, later: Row): Row {
  const held = Object.entries(later).filter(([, value]) => value !== undefined);
  return { ...earlier, ...Object.fromEntries(held) };
}
