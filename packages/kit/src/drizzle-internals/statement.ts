import { is, Param, Placeholder, type Query } from 'drizzle-orm';
import type { SelectedFieldsOrdered } from 'drizzle-orm/pg-core/query-builders/select.types';
import { InvalidInputError } from '../errors.ts';
import { rowMapper } from './row-mapper.ts';

type Values = Readonly<Record<string, unknown>>;

/** A statement built once: its text, how to bind its parameters, how to read its rows. */
export interface Statement {
  readonly text: string;
  /** True if the server plans it for the values of each call and keeps no plan. */
  readonly replan?: boolean;
  readonly bind: (values: Values) => unknown[];
  /** Reads rows that are arrays in select order. Undefined when the driver's result is the query's. */
  readonly read: ((rows: readonly unknown[][]) => unknown) | undefined;
}

/** A statement as Drizzle's builders hand it to a session. */
export interface BuiltQuery {
  readonly query: Query;
  readonly fields: SelectedFieldsOrdered | undefined;
  readonly readRows: ((rows: unknown[][]) => unknown) | undefined;
  readonly joinsNotNullable: Record<string, boolean> | undefined;
}

export function compile({ query, fields, readRows, joinsNotNullable }: BuiltQuery): Statement {
  const slots = query.params.map(toSlot);
  return {
    text: query.sql,
    bind: (values) => slots.map((slot) => slot(values)),
    read: readRows
      ? (rows) => readRows(rows.map((row) => [...row]))
      : fields && mapped(rowMapper(fields, joinsNotNullable)),
  };
}

/** A plain loop: the driver's array is of a class of its own, whose `map` is slow and makes another. */
const mapped = (readRow: (row: readonly unknown[]) => unknown) => (rows: readonly unknown[][]) => {
  const results: unknown[] = [];
  for (const row of rows) results.push(readRow(row));
  return results;
};

/** How a parameter gets its value. */
function toSlot(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => placeholderValue(param.name, values);
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { encoder, value: placeholder } = param;
    return (values) => {
      const value = placeholderValue(placeholder.name, values);
      return value === null ? null : encoder.mapToDriverValue(value);
    };
  }
  return () => param;
}

function placeholderValue(name: string, values: Values): unknown {
  const value = values[name];
  if (value !== undefined) return value;
  throw new InvalidInputError(`Parameter "${name}" is undefined. Pass null for NULL.`);
}
