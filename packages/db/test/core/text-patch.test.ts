import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf, linesOf } from '../../src/queries/core/text-diff.ts';
import { applyPatch, makePatch } from '../../src/queries/core/text-patch.ts';

// Few different lines, so that they repeat; some of characters that are two UTF-16 units.
const line = fc.constantFrom('a\n', 'b\n', 'ab\n', '\n', '😀\n', '😁\n', 'x😀y', 'x😁y', 'tail');
const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(''));

test('a patch makes the one text of the other, and never cuts a character in two', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const patch = makePatch(from, to);
      expect(applyPatch(from, patch)).toBe(to);
      for (const [, , insert] of patch) expect(insert.isWellFormed()).toBe(true);
      if (from === to) expect(patch).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('the changes take exactly the lines that differ, and no more than there must be', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const [one, other] = [linesOf(from), linesOf(to)];
      const changes = changesOf(one, other);
      let [x, y] = [0, 0];
      let same = 0;
      for (const { at, removed, addedAt, added } of changes) {
        expect(one.slice(x, at)).toEqual(other.slice(y, addedAt));
        expect(one.slice(at, at + removed.length)).toEqual(removed);
        expect(other.slice(addedAt, addedAt + added.length)).toEqual(added);
        same += at - x;
        [x, y] = [at + removed.length, addedAt + added.length];
      }
      expect(one.slice(x)).toEqual(other.slice(y));
      expect(same + one.length - x).toBe(longestCommon(one, other));
    }),
    { numRuns: 500 },
  );
});

/** How many lines two lists share at most in order: the textbook table. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const line of one) {
    const next = [0];
    for (const [n, candidate] of other.entries()) {
      const best = Math.max(row[n + 1] ?? 0, next[n] ?? 0);
      next.push(line === candidate ? (row[n] ?? 0) + 1 : best);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

test('texts that have next to nothing in common are one change, found quickly', () => {
  const lines = (name: string) => Array.from({ length: 20_000 }, (_, n) => `${name} ${n}\n`);
  const [from, to] = [lines('one'), lines('other')].map((some) => some.join(''));
  const begin = performance.now();
  const patch = makePatch(from ?? '', to ?? '');
  expect(performance.now() - begin).toBeLessThan(3000);
  expect(patch).toHaveLength(1);
  expect(applyPatch(from ?? '', patch)).toBe(to);
});

test('two words far apart in a long text are two small patches', () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `line ${n} of a long document\n`);
  const from = lines.join('');
  lines[10] = 'line 10 of a very long document\n';
  lines[9000] = 'line 9000 of a document\n';
  const patch = makePatch(lines.join(''), from);
  expect(JSON.stringify(patch).length).toBeLessThan(60);
  expect(applyPatch(lines.join(''), patch)).toBe(from);
});

test('a patch of another text is refused', () => {
  expect(() => applyPatch('ab', [[1, 5, '']])).toThrow(RangeError);
  expect(() =>
    applyPatch('abcdef', [
      [4, 1, ''],
      [1, 1, ''],
    ]),
  ).toThrow(RangeError);
});
