import type { Cell } from './column-check.ts';
import type { EntityColumns } from './entity-columns.ts';
import { badRow, type PlacedRows, type Row } from './row-checker.ts';

/** Rows as the elements of a JSON array, without its brackets. */
export interface JsonElements {
  readonly json: string;
  readonly rows: number;
}

/**
 * JSON of one row, and of a statement's rows. PostgreSQL refuses a jsonb beyond 256 MiB; vendors'
 * rows are far smaller.
 */
export const maxLength = 32 * 1024 * 1024;

/**
 * Writes the cells of rows as JSON, each row as an array, because an object's names would be
 * written, sent and looked up. One call of JSON.stringify costs a fifth less than one for each row;
 * if it fails, a second pass row by row finds the bad one.
 *
 * @param from the rows of the cells, for the error
 * @throws InvalidInputError naming the row and the field that JSON cannot express, or that is too long
 */
export function jsonOf(
  entity: EntityColumns,
  cells: readonly (readonly Cell[])[],
  from: PlacedRows,
): JsonElements[] {
  const whole = written(cells);
  if (whole !== undefined) return [{ json: whole.slice(1, -1), rows: cells.length }];
  return cells.map((cellsOfRow, index) => {
    const json = written(cellsOfRow);
    if (json !== undefined) return { json, rows: 1 };
    const { field, problem } = unwritable(entity, from.rows[index] ?? {});
    throw badRow(entity, from.places[index] ?? index, field, problem);
  });
}

/** Undefined for a value that is too long, a cycle, or a nested BigInt. */
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
