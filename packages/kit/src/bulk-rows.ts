import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { encodeJson, valueOrDefault } from './bulk-values.ts';
import { castType, quoted } from './column-type.ts';

/** One statement's text should stay far from the server's limits and the client's memory. */
const chunkBytes = 4 * 1024 * 1024;

/** Rows that give values for the same columns, in chunks of JSON. */
export interface RowGroup {
  readonly columns: readonly PgColumn[];
  /** The columns that the caller gave; `$defaultFn` made the values of the others. */
  readonly given: readonly PgColumn[];
  readonly chunks: readonly string[];
}

/**
 * Sorts rows by the columns they give, and encodes them as JSON for `json_to_recordset`: one
 * parameter for any number of rows, and one text, so one prepared statement, for any number of calls.
 *
 * @throws InvalidInputError naming the row's index and the column that can't be stored
 */
export function groupRows<T extends PgTable>(
  table: T,
  rows: readonly T['$inferInsert'][],
  maxBytes = chunkBytes,
): RowGroup[] {
  const columns = Object.entries<PgColumn>(getTableColumns(table)).filter(
    ([, column]) => column.generated === undefined,
  );
  const groups = new Map<string, { columns: PgColumn[]; given: PgColumn[]; rows: string[] }>();
  for (const [index, row] of rows.entries()) {
    const present: PgColumn[] = [];
    const given: PgColumn[] = [];
    const fields: string[] = [];
    for (const [key, column] of columns) {
      const original: unknown = Reflect.get(row, key);
      const value = valueOrDefault(column, original);
      if (value === undefined) continue;
      present.push(column);
      if (original !== undefined) given.push(column);
      fields.push(`${JSON.stringify(column.name)}:${encodeJson(column, value, index)}`);
    }
    const signature = JSON.stringify([present, given].map((list) => list.map(({ name }) => name)));
    const group = groups.get(signature) ?? { columns: present, given, rows: [] };
    group.rows.push(`{${fields.join(',')}}`);
    groups.set(signature, group);
  }
  return [...groups.values()].map((group) => ({
    columns: group.columns,
    given: group.given,
    chunks: chunked(group.rows, maxBytes),
  }));
}

/** `json_to_recordset(…) as input("id" text, …)`, a relation with the group's columns. */
export function recordset(columns: readonly PgColumn[], chunk: string): SQL {
  const definitions = columns.map((column) => `${quoted(column.name)} ${castType(column)}`);
  return sql`json_to_recordset(${chunk}::json) as input(${sql.raw(definitions.join(', '))})`;
}

/** The columns' names, with a prefix such as `excluded.`, separated by commas. */
export function columnList(columns: readonly PgColumn[], prefix = ''): SQL {
  return sql.raw(columns.map(({ name }) => `${prefix}${quoted(name)}`).join(', '));
}

function chunked(rows: readonly string[], maxBytes: number): string[] {
  const chunks: string[] = [];
  let current: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = Buffer.byteLength(row) + 1;
    if (current.length > 0 && bytes + size > maxBytes) {
      chunks.push(`[${current.join(',')}]`);
      current = [];
      bytes = 0;
    }
    current.push(row);
    bytes += size;
  }
  if (current.length > 0) chunks.push(`[${current.join(',')}]`);
  return chunks;
}
