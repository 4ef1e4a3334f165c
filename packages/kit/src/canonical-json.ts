import { InvalidInputError } from './errors.ts';

/**
 * A value as JSON with the keys of every object in order (RFC 8785), so that equal values have equal
 * text, and so an equal hash.
 *
 * @param value what JSON can hold; a property that is undefined counts as absent, as in JSON
 * @throws InvalidInputError for a number that JSON cannot hold, a bigint, a function, a class's
 *   object, and lists and objects more than 500 deep
 */
export const canonicalJson = (value: unknown): string => written(value, 0);

/** Deeper JSON would exhaust the stack, here or in the database. */
const deepest = 500;

function written(value: unknown, depth: number): string {
  if (depth > deepest) throw new InvalidInputError('The input is wrong. It is nested too deeply.');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => written(one, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    // By code units, as RFC 8785 orders: the same on every machine, whatever its locale.
    entries.sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${written(member, depth + 1)}`).join(',')}}`;
  }
  throw new InvalidInputError(
    'The input is wrong. It holds a value that JSON cannot hold. Write dates as text and large numbers as strings.',
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
