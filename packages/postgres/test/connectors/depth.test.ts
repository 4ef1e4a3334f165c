import { expect, test } from 'vitest';
import { deepest, isTooDeep } from '../../src/connectors/github/depth.ts';

const nested = (depth: number): unknown => {
  let value: unknown = 'leaf';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
};

test('a document as deep as the limit is taken, and a deeper one is not', () => {
  expect(isTooDeep(nested(deepest))).toBe(false);
  expect(isTooDeep([nested(1), nested(deepest)])).toBe(true);
  expect(isTooDeep(nested(deepest + 1))).toBe(true);
});
