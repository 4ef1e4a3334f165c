import { InvalidInputError, NotFoundError, parseInput } from '@reference/kit';
import { z } from 'zod';
import type { Sql } from '../catalog/read-catalog.ts';
import type { Bench } from './bench.ts';
import { explainAll, type Plan } from './explain.ts';
import type { Choice, LabField, LabPerson, LabQuery, LabValues } from './lab-query.ts';
import { prettySql } from './pretty-sql.ts';
import type { Recorder } from './recorder.ts';

/** A field with its choices, as a form shows it. */
export type FieldView =
  | { readonly name: string; readonly kind: 'text'; readonly initial: string }
  | {
      readonly name: string;
      readonly kind: 'number';
      readonly initial: number;
      readonly max: number;
    }
  | { readonly name: string; readonly kind: 'choice'; readonly choices: readonly Choice[] };

export interface RanStatement {
  readonly sql: string;
  readonly ms: number;
  readonly plan: Plan;
}

/** The outcome of a query's run. */
export interface LabRun {
  readonly statements: readonly RanStatement[];
  /** Time of the first call: with connecting, parsing and planning. */
  readonly firstMs: number;
  /** Times of the calls after it, on statements that the server knows. Undefined for one that writes. */
  readonly medianMs: number | undefined;
  /** How many items a list has; undefined for anything else. */
  readonly items: number | undefined;
  readonly result: string;
  readonly undone: boolean;
}

/** Where a query runs, and for whom. */
export interface Lab<H> {
  readonly bench: Bench<H>;
  readonly recorder: Recorder;
  /** For EXPLAIN: not the recorded client. */
  readonly sql: Sql;
  readonly person: LabPerson;
}

const repeats = 4;
const resultShown = 20_000;

export async function fieldsOf<H>(lab: Lab<H>, query: LabQuery<H>): Promise<FieldView[]> {
  const fields: FieldView[] = [];
  for (const field of query.fields) fields.push(await viewOf(lab, field));
  return fields;
}

async function viewOf<H>({ bench, person }: Lab<H>, field: LabField<H>): Promise<FieldView> {
  if (field.kind !== 'choice') return field;
  const { name, kind, choices } = field;
  return { name, kind, choices: await bench.run((handle) => choices(handle, person)) };
}

/**
 * Runs a query as the person, a few times over unless it writes, and explains what it sent.
 *
 * @param input from a form
 * @throws InvalidInputError for a wrong value, NotFoundError for a choice that is not the person's
 */
export async function runQuery<H>(
  lab: Lab<H>,
  query: LabQuery<H>,
  input: Readonly<Record<string, string>>,
): Promise<LabRun> {
  const { bench, recorder, person } = lab;
  const values = checkValues(await fieldsOf(lab, query), input);
  recorder.take();
  const call = (handle: H) => query.run(handle, person, values);
  const start = performance.now();
  const result = await (query.writes ? bench.undo(call) : bench.run(call));
  const firstMs = performance.now() - start;
  const sent = recorder.take();
  const plans = await explainAll(lab.sql, sent);
  return {
    statements: sent.map(({ text, ms }, index) => ({
      sql: prettySql(text),
      ms,
      plan: plans[index],
    })),
    firstMs,
    medianMs: query.writes ? undefined : await medianOf(() => bench.run(call)),
    items: itemsOf(result),
    result: printed(result).slice(0, resultShown),
    undone: query.writes ?? false,
  };
}

function checkValues(
  fields: readonly FieldView[],
  input: Readonly<Record<string, string>>,
): LabValues {
  const checked = new Map<string, string | number>();
  for (const field of fields) checked.set(field.name, checkValue(field, input[field.name] ?? ''));
  return {
    text: (name) => String(checked.get(name) ?? ''),
    number: (name) => Number(checked.get(name) ?? 0),
  };
}

function checkValue(field: FieldView, given: string): string | number {
  if (field.kind === 'number') {
    const schema = z.object({ [field.name]: z.coerce.number().int().min(0).max(field.max) });
    return parseInput(schema, { [field.name]: given })[field.name] ?? 0;
  }
  if (given.length > 500) throw new InvalidInputError(`${field.name} is over 500 characters long.`);
  if (field.kind === 'choice' && !field.choices.some(({ value }) => value === given)) {
    throw new NotFoundError(`There is no such ${field.name} of yours. Choose one from the list.`);
  }
  return given;
}

async function medianOf(call: () => Promise<unknown>): Promise<number | undefined> {
  const times: number[] = [];
  for (let run = 0; run < repeats; run++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[repeats >> 1];
}

function itemsOf(result: unknown): number | undefined {
  if (Array.isArray(result)) return result.length;
  if (typeof result === 'object' && result !== null && 'items' in result) {
    return itemsOf(result.items);
  }
  return undefined;
}

const printed = (result: unknown) =>
  JSON.stringify(
    result,
    (_, value) => (value instanceof Map ? Object.fromEntries(value) : value),
    2,
  ) ?? 'undefined';
