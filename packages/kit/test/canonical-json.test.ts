import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/canonical-json.ts';
import { InvalidInputError } from '../src/errors.ts';

/** The same value, with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('canonicalJson', () => {
  // A busy machine needs more than vitest's five seconds.
  it('gives equal values one text, from which JSON reads the value again', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('orders keys by code units, at every depth, and leaves out what is undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 'ü' }], a: undefined, ä: null, Z: 1e21 })).toBe(
      '{"Z":1e+21,"b":[{"c":"ü","d":1}],"ä":null}',
    );
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2 })).toBe('{"\u{1f600}":1,"\ufb33":2}');
  });

  it('takes lists and objects 500 deep, and refuses deeper ones however deep they are', () => {
    const nested = (levels: number) =>
      JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);
    expect(canonicalJson(nested(500))).toHaveLength('[{"a":}]'.length * 250 + 1);
    for (const levels of [502, 200_000]) {
      expect(() => canonicalJson(nested(levels))).toThrow(InvalidInputError);
    }
  });

  it.each([
    ['a bigint', 1n],
    ['a date', { at: new Date() }],
    ['a function', { f: () => 1 }],
    ['a number that JSON has not', [Number.NaN]],
    ['undefined in a list', [undefined]],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(InvalidInputError);
  });
});
