import { InvalidInputError } from '@reference/kit';
import { z } from 'zod';

/**
 * What a caller gave, checked.
 * @throws InvalidInputError naming each wrong field and what it must be, never its value
 */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    (issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`,
  );
  throw new InvalidInputError(`The input is wrong. ${problems.join('; ')}.`);
}

/** How many rows a list gives when the caller doesn't say. */
const defaultLimit = 50;
/** The most rows that one page of a list holds. */
const maxLimit = 200;

const limitSchema = z.int().min(1).max(maxLimit).default(defaultLimit);

/**
 * The size of a list's page: 50, or what the caller asks for between 1 and 200.
 * @throws InvalidInputError for anything else
 */
export function parseLimit(limit: number | undefined): number {
  return parseInput(z.object({ limit: limitSchema }), { limit }).limit;
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
