import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../src/rules/index.ts';
import type { Example } from '../src/rules/rule.ts';
import { foundIn, removeExamples } from './example.ts';

afterAll(removeExamples);

const withoutDatabase = rules.filter(({ needs }) => needs !== 'catalog');
const ofSource = (examples: readonly Example[]) => examples.filter(({ sql }) => sql === undefined);

// Each bad example is there for one way in which a check could be removed.
describe.each(withoutDatabase.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test.each(ofSource(rule.bad).map((example, at) => [at + 1, example] as const))(
    'finds something in bad example %i',
    async (_, example) => {
      const found = await foundIn(rule, example);
      expect(found.length).toBeGreaterThan(0);
      for (const { object, message } of found) {
        expect(object).not.toBe('');
        expect(message).not.toMatch(/undefined|\[object/);
      }
    },
  );
  test.each(ofSource(rule.good).map((example, at) => [at + 1, example] as const))(
    'finds nothing in good example %i',
    async (_, example) => {
      expect(await foundIn(rule, example)).toEqual([]);
    },
  );
});

// Its objects differ from those of 0.x: a text of SQL is kept in another way, for one.
test.each(withoutDatabase.map((rule) => [rule.id, rule] as const))(
  '%s judges the schemas of its examples alike in Drizzle 1.0',
  async (_, rule) => {
    const schemas = (examples: readonly Example[]) =>
      ofSource(examples).filter(({ schema }) => schema !== undefined);
    const verdicts = (examples: readonly Example[]) =>
      Promise.all(
        examples.map(async (example) => (await foundIn(rule, example, '1.0')).length > 0),
      );
    const [bad, good] = [schemas(rule.bad), schemas(rule.good)];
    expect(await verdicts(bad)).toEqual(bad.map(() => true));
    expect(await verdicts(good)).toEqual(good.map(() => false));
  },
);

describe('every rule', () => {
  test('has an id of its own, two sentences of why, a source, and examples of both kinds', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, why, source, title, bad, good } of rules) {
      expect([id, title.endsWith('.')]).toEqual([id, false]);
      expect([id, why.split(/[.?!](?:\s|$)/).filter(Boolean).length]).toEqual([id, 2]);
      expect([id, source.length > 5, bad.length > 0, good.length > 0]).toEqual([
        id,
        true,
        true,
        true,
      ]);
    }
  });
});
