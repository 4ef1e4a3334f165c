import type { z } from 'zod';
import { InvalidInputError } from './errors.ts';

/** Further problems of a batch are only counted. */
const maxProblems = 10;

/**
 * Parses a caller's input.
 *
 * @returns the schema's output: defaults filled in, unknown keys dropped
 * @throws InvalidInputError naming the first ten wrong fields and what each must be, never a value
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues
    .slice(0, maxProblems)
    .map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  const more = issues.length > maxProblems ? `; and ${issues.length - maxProblems} more` : '';
  throw new InvalidInputError(`The input is wrong. ${problems.join('; ')}${more}.`);
}

/**
 * How many rows a page of a list holds: `usual`, or what the caller asks for between 1 and `most`.
 * It uses no schema, because every list calls it.
 * @throws InvalidInputError for anything else
 */
export function parseLimit(limit: number | undefined, { most = 200, usual = 50 } = {}): number {
  if (limit === undefined) return usual;
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new InvalidInputError(
    `The input is wrong. limit: must be a whole number from 1 to ${most}.`,
  );
}

/** Where a page of a list starts, and how many rows it holds. */
export interface PageRequest {
  /** A `nextCursor` of an earlier page: continue after it. */
  readonly after?: string | null | undefined;
  /** A `previousCursor` of an earlier page: the page before it. */
  readonly before?: string | null | undefined;
  /** 1 to 200; default 50. */
  readonly limit?: number | undefined;
}
