import { InvalidInputError } from '@reference/kit';
import { type Cell, CellError } from './column-check.ts';
import type { EntityColumn, EntityColumns } from './entity-columns.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Rows, each with its place in the caller's input. */
export interface PlacedRows {
  readonly rows: readonly Row[];
  readonly places: readonly number[];
}

/** A checked row: its present fields in the order of the table's columns, and their set. */
export interface CheckedRow {
  readonly fields: number;
  readonly cells: readonly Cell[];
}

/** The shared facts of rows with the same keys. */
interface RowShape {
  readonly prototype: unknown;
  readonly keys: readonly string[];
  readonly columns: readonly EntityColumn[];
  readonly fields: number;
}

/**
 * Makes the check of one batch's rows. Rows of one source have the same keys, so it looks their
 * columns up once for all that follow one another: looking 40 columns up in every row costs more
 * than the rest (see bench).
 *
 * @returns a function of a row that throws an InvalidInputError naming the row's place and the field,
 *   never the value
 */
export function rowChecker(entity: EntityColumns): (row: Row, place: number) => CheckedRow {
  let shape: RowShape | undefined;
  return (row, place) => {
    const keys = Object.keys(row);
    const known = shape && isOf(shape, row, keys) ? shape : shapeOf(entity, row, keys, place);
    shape = known;
    const cells: Cell[] = [];
    for (const column of known.columns) {
      const value = row[column.field];
      // A key with the value undefined counts as absent.
      if (value === undefined) return checkUneven(entity, row, place);
      cells.push(cellOf(entity, column, value, place));
    }
    return { fields: known.fields, cells };
  };
}

function checkUneven(entity: EntityColumns, row: Row, place: number): CheckedRow {
  const held = entity.columns.flatMap(({ field }) =>
    row[field] === undefined ? [] : [[field, row[field]]],
  );
  return rowChecker(entity)(Object.fromEntries(held), place);
}

function isOf(shape: RowShape, row: Row, keys: readonly string[]): boolean {
  if (shape.prototype !== Object.getPrototypeOf(row)) return false;
  if (shape.keys.length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) if (shape.keys[i] !== keys[i]) return false;
  return true;
}

function shapeOf(
  entity: EntityColumns,
  row: Row,
  keys: readonly string[],
  place: number,
): RowShape {
  const columns = entity.columns.filter(({ field }) => field in row);
  const missing = entity.columns.find(
    (column) => column.isRequired && row[column.field] === undefined,
  );
  if (missing) throw badRow(entity, place, missing.field, 'is required');
  return {
    prototype: Object.getPrototypeOf(row),
    keys,
    columns,
    fields: columns.reduce((sum, { weight }) => sum + weight, 0),
  };
}

function cellOf(entity: EntityColumns, column: EntityColumn, value: unknown, place: number): Cell {
  try {
    if (value !== null && value !== undefined) return column.codec.encode(value);
    if (column.isNotNull) throw new CellError('must not be null');
    return null;
  } catch (error) {
    if (error instanceof CellError) throw badRow(entity, place, column.field, error.message);
    throw error;
  }
}

/** Thrown for a row that cannot be stored, with the field and the reason. */
export class BadRowError extends InvalidInputError {
  readonly problem: string;

  constructor(entity: EntityColumns, place: number, field: string, problem: string) {
    super(`Row ${place} of ${entity.table}, field ${field}: ${problem}. Nothing was written.`, {
      table: entity.table,
      column: entity.columns.find((c) => c.field === field)?.name,
    });
    this.name = 'InvalidInputError';
    this.problem = `field ${field}: ${problem}`;
  }
}

/** The error of a row that cannot be stored. */
export const badRow = (entity: EntityColumns, place: number, field: string, problem: string) =>
  new BadRowError(entity, place, field, problem);

/**
 * Finds NUL and half a surrogate pair, which PostgreSQL refuses and the hot path does not look for.
 * Called after a statement failed.
 */
export function findUnstorableText(
  entity: EntityColumns,
  { rows, places }: PlacedRows,
): BadRowError | undefined {
  for (const [index, row] of rows.entries()) {
    const place = places[index] ?? index;
    for (const { field } of entity.columns) {
      const value = row[field];
      if (value === undefined || value === null) continue;
      const written =
        typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? '');
      if (/(?<!\\)(\\\\)*\\u0000/.test(written)) {
        return badRow(entity, place, field, 'holds a NUL character, which PostgreSQL cannot store');
      }
      if (/(?<!\\)(\\\\)*\\ud[89a-f]/.test(written)) {
        return badRow(entity, place, field, 'holds half a surrogate pair, which is no text');
      }
    }
  }
  return undefined;
}
