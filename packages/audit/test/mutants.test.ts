import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../src/rules/index.ts';
import { foundIn, removeExamples } from './example.ts';
import { mutantsOf, removeMutants } from './mutants.ts';

afterAll(removeExamples);
afterAll(removeMutants);

// Rules with examples of a database are in the catalog's test.
const withoutDatabase = rules.filter(({ bad }) => bad.every(({ sql }) => sql === undefined));

// The test of the examples is worth what it notices: without any one of its checks, a rule must fail it.
describe.each(withoutDatabase.map((rule) => [rule.id, rule] as const))('%s', (id, { bad }) => {
  test('without any one of its checks misses a bad example', async () => {
    const mutants = await mutantsOf(id);
    expect(mutants.length).toBeGreaterThan(0);
    for (const { line, rule } of mutants) {
      const found = await Promise.all(bad.map((example) => foundIn(rule, example)));
      expect(
        found.some((findings) => findings.length === 0),
        `${id}.ts:${line} can be removed`,
      ).toBe(true);
    }
  });
});
