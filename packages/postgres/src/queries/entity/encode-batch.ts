import { setImmediate as turn } from 'node:timers/promises';
import { distinctRows } from './batch.ts';
import type { Cell } from './column-check.ts';
import type { EntityColumns } from './entity-columns.ts';
import { type JsonElements, jsonOf, maxLength } from './json-rows.ts';
import { type PlacedRows, type Row, rowChecker } from './row-checker.ts';

/** The parameter of one statement: a JSON array of rows that hold the same fields. */
export interface Part {
  readonly fields: number;
  readonly json: string;
  readonly rows: number;
}

/** The parameters of one batch, and its source rows, for the error of a bad one. */
export interface EncodedBatch extends PlacedRows {
  readonly parts: readonly Part[];
}

/**
 * Rows that are checked and written together: so few that most are garbage by the next collection.
 */
const rowsOfBlock = 250;

/** Checked rows of one block that hold the same fields. */
interface Group {
  readonly cells: (readonly Cell[])[];
  readonly rows: Row[];
  readonly places: number[];
}

/**
 * Checks one chunk of rows and writes it as JSON. It yields between blocks, so that a statement on
 * its way goes on and the process answers other callers.
 *
 * @param start the place of the chunk's first row in the caller's input
 * @throws InvalidInputError naming the row and the field
 */
export async function encodeBatch(
  entity: EntityColumns,
  chunk: readonly Row[],
  start: number,
): Promise<EncodedBatch> {
  await turn();
  const distinct = distinctRows(entity, chunk, start);
  const check = rowChecker(entity);
  const writers = new Map<number, PartWriter>();
  for (let from = 0; from < distinct.rows.length; from += rowsOfBlock) {
    if (from > 0) await turn();
    for (const [fields, group] of groupsOf(check, distinct, from)) {
      const writer = writers.get(fields) ?? new PartWriter(fields);
      writers.set(fields, writer);
      for (const elements of jsonOf(entity, group.cells, group)) writer.add(elements);
    }
  }
  return { ...distinct, parts: [...writers.values()].flatMap((writer) => writer.end()) };
}

function groupsOf(
  check: ReturnType<typeof rowChecker>,
  { rows, places }: PlacedRows,
  from: number,
): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (const [offset, row] of rows.slice(from, from + rowsOfBlock).entries()) {
    const place = places[from + offset] ?? from + offset;
    const { fields, cells } = check(row, place);
    const group = groups.get(fields) ?? { cells: [], rows: [], places: [] };
    groups.set(fields, group);
    group.cells.push(cells);
    group.rows.push(row);
    group.places.push(place);
  }
  return groups;
}

/** Joins elements to arrays of at most `maxLength`. */
class PartWriter {
  readonly #fields: number;
  readonly #parts: Part[] = [];
  #elements: string[] = [];
  #length = 0;
  #rows = 0;

  constructor(fields: number) {
    this.#fields = fields;
  }

  add({ json, rows }: JsonElements): void {
    if (this.#rows > 0 && this.#length + json.length > maxLength) this.#endPart();
    this.#elements.push(this.#rows === 0 ? '[' : ',', json);
    this.#length += json.length;
    this.#rows += rows;
  }

  end(): readonly Part[] {
    if (this.#rows > 0) this.#endPart();
    return this.#parts;
  }

  #endPart(): void {
    this.#elements.push(']');
    // One call copies; a template around it would copy once more.
    this.#parts.push({
      fields: this.#fields,
      json: this.#elements.join(''),
      rows: this.#rows,
    });
    this.#elements = [];
    this.#length = 0;
    this.#rows = 0;
  }
}
