import { isCuid } from '@paralleldrive/cuid2';
import { expect, test } from 'vitest';
import { createLogId } from '../../src/schema/columns.ts';

test('a log line’s id has the form of the other ids, uses every character, and comes once', () => {
  const ids = Array.from({ length: 20_000 }, createLogId);
  expect(ids.every((id) => id.length === 24 && isCuid(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  const used = (position: number) => new Set(ids.map((id) => id[position])).size;
  expect([used(0), ...Array.from({ length: 23 }, (_, n) => used(n + 1))]).toEqual([
    26,
    ...Array.from({ length: 23 }, () => 36),
  ]);
});
