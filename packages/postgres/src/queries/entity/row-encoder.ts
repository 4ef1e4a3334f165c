import { InvalidInputError } from '@reference/kit';
import { CellError } from './column-check.ts';
import type { EntityColumn, EntityColumns } from './entity-columns.ts';

/** A row checked and written as JSON, with the set of fields that it holds. */
export interface EncodedRow {
  readonly fields: number;
  readonly json: string;
}

/** JSON of one row. PostgreSQL refuses a jsonb beyond 256 MiB; nothing a vendor sends is near. */
const maxRowLength = 32 * 1024 * 1024;

/**
 * Checks a row and writes its present fields as a JSON array, in the order of the table's columns.
 * An array and not an object: no names to write, send and look up (see bench).
 *
 * @param index the row's place in the caller's input, for the error
 * @throws InvalidInputError naming the row and the field, never the value
 */
export function encodeRow(
  entity: EntityColumns,
  row: Readonly<Record<string, unknown>>,
  index: number,
): EncodedRow {
  const cells: unknown[] = [];
  let fields = 0;
  for (const column of entity.columns) {
    const value = row[column.field];
    if (value === undefined) {
      if (column.isRequired) throw badRow(entity, index, column.field, 'is required');
      continue;
    }
    fields += column.weight;
    cells.push(
      value === null ? nullCell(entity, column, index) : cell(entity, column, value, index),
    );
  }
  return { fields, json: writeJson(entity, row, cells, index) };
}

/** The error of a row that cannot be stored. */
function badRow(entity: EntityColumns, index: number, field: string, problem: string) {
  return new InvalidInputError(
    `Row ${index} of ${entity.table}, field ${field}: ${problem}. Nothing was written.`,
    { table: entity.table, column: entity.columns.find((c) => c.field === field)?.name },
  );
}

function nullCell(entity: EntityColumns, column: EntityColumn, index: number): null {
  if (column.isNotNull) throw badRow(entity, index, column.field, 'must not be null');
  return null;
}

function cell(
  entity: EntityColumns,
  column: EntityColumn,
  value: NonNullable<unknown>,
  index: number,
) {
  try {
    return column.codec.encode(value);
  } catch (error) {
    if (error instanceof CellError) throw badRow(entity, index, column.field, error.message);
    throw error;
  }
}

function writeJson(
  entity: EntityColumns,
  row: Readonly<Record<string, unknown>>,
  cells: readonly unknown[],
  index: number,
): string {
  try {
    const json = JSON.stringify(cells);
    if (json.length <= maxRowLength) return json;
  } catch {
    // A cycle or a BigInt in a nested value: found and named below.
  }
  const { field, problem } = unwritable(entity, row);
  throw badRow(entity, index, field, problem);
}

/** The field that JSON cannot express, or else the longest one. */
function unwritable(entity: EntityColumns, row: Readonly<Record<string, unknown>>) {
  let longest = { field: entity.key.field, length: 0 };
  for (const { field } of entity.columns) {
    try {
      const length = JSON.stringify(row[field])?.length ?? 0;
      if (length > longest.length) longest = { field, length };
    } catch {
      return { field, problem: 'holds a cycle or a BigInt, which JSON cannot express' };
    }
  }
  const problem = `the row is larger than ${maxRowLength / 1024 / 1024} MiB, this field ${longest.length} characters`;
  return { field: longest.field, problem };
}

/**
 * Finds what PostgreSQL refuses in text and the hot path does not look for: NUL and half a
 * surrogate pair. Called after a statement failed.
 */
export function findUnstorableText(
  entity: EntityColumns,
  rows: Iterable<{ row: Readonly<Record<string, unknown>>; index: number }>,
): InvalidInputError | undefined {
  for (const { row, index } of rows) {
    for (const { field } of entity.columns) {
      const value = row[field];
      if (value === undefined || value === null) continue;
      const written =
        typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? '');
      if (/(?<!\\)(\\\\)*\\u0000/.test(written)) {
        return badRow(entity, index, field, 'holds a NUL character, which PostgreSQL cannot store');
      }
      if (/(?<!\\)(\\\\)*\\ud[89a-f]/.test(written)) {
        return badRow(entity, index, field, 'holds half a surrogate pair, which is no text');
      }
    }
  }
  return undefined;
}
