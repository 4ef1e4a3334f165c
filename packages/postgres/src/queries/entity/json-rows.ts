import type { EntityColumns } from './entity-columns.ts';
import { badRow, type CheckedRow, type Row } from './row-checker.ts';

/** Rows as a JSON array of arrays. An array and not an object: no names to write, send and look up. */
export interface JsonRows {
  readonly json: string;
  readonly rows: number;
}

/** JSON of one row, and of a statement's rows. PostgreSQL refuses a jsonb beyond 256 MiB; nothing a vendor sends is near. */
const maxLength = 32 * 1024 * 1024;
/** Written by one call of JSON.stringify, which costs a fifth less than a call for each row. */
const rowsOfBlock = 250;

/**
 * Writes checked rows as JSON texts, each for one statement.
 *
 * @throws InvalidInputError naming the row and the field that JSON cannot express, or that is too long
 */
export function* jsonRowsOf(
  entity: EntityColumns,
  rows: readonly CheckedRow[],
): Generator<JsonRows> {
  let blocks: string[] = [];
  let length = 0;
  let count = 0;
  for (let start = 0; start < rows.length; start += rowsOfBlock) {
    for (const block of blocksOf(entity, rows.slice(start, start + rowsOfBlock))) {
      if (count > 0 && length + block.json.length > maxLength) {
        yield { json: `[${blocks.join(',')}]`, rows: count };
        [blocks, length, count] = [[], 0, 0];
      }
      blocks.push(block.json);
      length += block.json.length;
      count += block.rows;
    }
  }
  if (count > 0) yield { json: `[${blocks.join(',')}]`, rows: count };
}

/** Elements without the brackets: of all rows at once, or else row by row, which finds the bad one. */
function blocksOf(entity: EntityColumns, rows: readonly CheckedRow[]): JsonRows[] {
  const whole = written(rows.map(({ cells }) => cells));
  if (whole !== undefined) return [{ json: whole.slice(1, -1), rows: rows.length }];
  return rows.map(({ row, index, cells }) => {
    const json = written(cells);
    if (json !== undefined) return { json, rows: 1 };
    const { field, problem } = unwritable(entity, row);
    throw badRow(entity, index, field, problem);
  });
}

/** Undefined for what is too long, a cycle, or a BigInt in a nested value. */
function written(value: unknown): string | undefined {
  try {
    const json = JSON.stringify(value);
    return json.length <= maxLength ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The field that JSON cannot express, or else the longest one. */
function unwritable(entity: EntityColumns, row: Row) {
  let longest = { field: entity.key.field, length: 0 };
  for (const { field } of entity.columns) {
    try {
      const length = JSON.stringify(row[field])?.length ?? 0;
      if (length > longest.length) longest = { field, length };
    } catch {
      return { field, problem: 'holds a cycle or a BigInt, which JSON cannot express' };
    }
  }
  const problem = `the row is larger than ${maxLength / 1024 / 1024} MiB, this field ${longest.length} characters`;
  return { field: longest.field, problem };
}
