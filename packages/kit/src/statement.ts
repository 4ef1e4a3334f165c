import { is, Param, Placeholder, type Query } from 'drizzle-orm';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types';
import { InvalidInputError } from './errors.ts';
import { inPlaceDecoder, rowMapper } from './row-mapper.ts';

/** A statement built once: its text, how to bind its parameters, how to read its rows. */
export interface Statement {
  readonly text: string;
  /** Not kept by the server, which plans it for the values of each call. */
  readonly replan?: boolean;
  readonly bind: (values: Readonly<Record<string, unknown>>) => readonly unknown[];
  /** Whether `read` takes rows as arrays in select order, or as the driver's objects. */
  readonly asArrays: boolean;
  /** Undefined when the driver's result is the query's. */
  readonly read: ((rows: readonly unknown[]) => unknown) | undefined;
}

/** What Drizzle's builders hand to a session. */
export interface BuiltQuery {
  readonly query: Query;
  readonly fields: SelectedFieldsOrdered | undefined;
  readonly readRows: ((rows: unknown[][]) => unknown) | undefined;
  readonly joinsNotNullable: Record<string, boolean> | undefined;
}

export function compile({ query, fields, readRows, joinsNotNullable }: BuiltQuery): Statement {
  return {
    text: query.sql,
    bind: binder(query.params),
    ...reader(fields, readRows, joinsNotNullable),
  };
}

function reader(
  fields: BuiltQuery['fields'],
  readRows: BuiltQuery['readRows'],
  joinsNotNullable: BuiltQuery['joinsNotNullable'],
): Pick<Statement, 'asArrays' | 'read'> {
  if (readRows) {
    return { asArrays: true, read: (rows) => readRows(rows.map((row) => [...valuesOf(row)])) };
  }
  if (!fields) return { asArrays: false, read: undefined };
  const decode = inPlaceDecoder(fields);
  if (decode) {
    return { asArrays: false, read: (rows) => eachOf(rows, (row) => decoded(row, decode)) };
  }
  const readRow = rowMapper(fields, joinsNotNullable);
  return { asArrays: true, read: (rows) => eachOf(rows, (row) => readRow(valuesOf(row))) };
}

/** As `map` does; of the driver's array, which is of a class of its own, `map` takes its slow way. */
function eachOf<T>(rows: readonly unknown[], read: (row: unknown) => T): T[] {
  const results: T[] = [];
  for (let index = 0; index < rows.length; index++) results.push(read(rows[index]));
  return results;
}

function decoded(row: unknown, decode: (row: Record<string, unknown>) => void): unknown {
  if (isObject(row)) decode(row);
  return row;
}

const isObject = (row: unknown): row is Record<string, unknown> =>
  typeof row === 'object' && row !== null;

const valuesOf = (row: unknown): readonly unknown[] => (Array.isArray(row) ? row : []);

function binder(params: readonly unknown[]): Statement['bind'] {
  const slots = params.map(toSlot);
  if (slots.every((slot) => slot === undefined)) return () => params;
  return (values) => {
    const bound = new Array<unknown>(params.length);
    for (let index = 0; index < params.length; index++) {
      const slot = slots[index];
      bound[index] = slot ? slot(values) : params[index];
    }
    return bound;
  };
}

/** How a placeholder gets its value; undefined for a parameter that is fixed. */
function toSlot(
  param: unknown,
): ((values: Readonly<Record<string, unknown>>) => unknown) | undefined {
  if (is(param, Placeholder)) return (values) => placeholderValue(param.name, values);
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder, value: placeholder } = param;
    return (values) => {
      const value = placeholderValue(placeholder.name, values);
      return value === null ? null : encoder.mapToDriverValue(value);
    };
  }
  return undefined;
}

function placeholderValue(name: string, values: Readonly<Record<string, unknown>>): unknown {
  const value = values[name];
  if (value === undefined) {
    throw new InvalidInputError(`Parameter "${name}" is undefined. Pass null for NULL.`);
  }
  return value;
}
