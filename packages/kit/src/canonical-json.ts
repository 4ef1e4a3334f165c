import { InvalidInputError } from './errors.ts';

/**
 * A value as JSON with the keys of every object in order (RFC 8785), so that equal values have equal
 * text, and so an equal hash.
 *
 * @param value what JSON can hold; a property that is undefined counts as absent, as in JSON
 * @throws InvalidInputError for a number that JSON has not, a bigint, a function or a class's object
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    // By code units, as RFC 8785 orders: the same on every machine, whatever its locale.
    entries.sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  throw new InvalidInputError(
    'The input is wrong. It holds what JSON cannot: write dates as text and large numbers as strings.',
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
