import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidInputError } from '../src/errors.ts';
import { parseInput, parseLimit } from '../src/input.ts';

const person = z.object({ name: z.string().min(1), pin: z.string().regex(/^\d{4}$/) });

describe('parseInput', () => {
  it('gives the schema’s output without unknown keys', () => {
    expect(parseInput(person, { name: 'Ada', pin: '1815', extra: true })).toEqual({
      name: 'Ada',
      pin: '1815',
    });
  });

  it('names every wrong field and quotes no value', () => {
    const wrong = () => parseInput(person, { name: '', pin: 'canary-secret' });
    expect(wrong).toThrow(InvalidInputError);
    expect(wrong).toThrow(/name: .*pin: /);
    expect(wrong).not.toThrow(/canary-secret/);
  });

  it('names ten problems of a batch and counts the rest', () => {
    const rows = Array.from({ length: 25 }, () => ({ name: 1, pin: '1815' }));
    expect(() => parseInput(z.array(person), rows)).toThrow(/9\.name: .*; and 15 more\.$/);
  });
});

describe('parseLimit', () => {
  it('is 50 unless the caller asks for 1 to 200', () => {
    expect([parseLimit(undefined), parseLimit(1), parseLimit(200)]).toEqual([50, 1, 200]);
  });

  it('takes the bounds of a list of its own', () => {
    const ids = { most: 10_000, usual: 1000 };
    expect([parseLimit(undefined, ids), parseLimit(10_000, ids)]).toEqual([1000, 10_000]);
    expect(() => parseLimit(10_001, ids)).toThrow('limit: must be a whole number from 1 to 10000.');
  });

  it.each([0, 201, 1.5, Number.NaN, -1])('refuses %d', (limit) => {
    expect(() => parseLimit(limit)).toThrow(InvalidInputError);
  });
});
