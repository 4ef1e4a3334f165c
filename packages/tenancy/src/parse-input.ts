import { InvalidInputError } from '@reference/kit';
import { z } from 'zod';

/**
 * Checks what a caller gave.
 * @throws InvalidInputError that names each wrong field and quotes no value
 */
export function parseInput<S extends z.ZodType>(schema: S, input: z.input<S>): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'input'}: ${message}`,
  );
  throw new InvalidInputError(`${problems.join('; ')}.`);
}

const pageLimit = z.int().min(1).max(200);

/**
 * The number of items of a page.
 * @throws InvalidInputError unless it is a whole number from 1 to 200
 */
export function parseLimit(limit: number | undefined): number {
  if (limit === undefined) return 50;
  if (!pageLimit.safeParse(limit).success) {
    throw new InvalidInputError('limit is a whole number from 1 to 200.');
  }
  return limit;
}

/** Text that an id column can be compared with; anything else would fail in the server as 22P02. */
export const isUuid = (value: string): boolean => z.guid().safeParse(value).success;

/** The page of a list whose owner can't exist. */
export const emptyPage = { items: [], nextCursor: null, previousCursor: null };
