import { expect, test } from 'vitest';
import { chooseSource } from '../src/source.ts';

const given = { TEST_DATABASE_URL: 'postgres://localhost/postgres' };

test.each([
  [
    { TEST_DATABASE: 'docker', ...given },
    { source: 'docker', demanded: true },
  ],
  [
    { TEST_DATABASE: 'embedded', ...given },
    { source: 'embedded', demanded: true },
  ],
  [given, { source: 'given', demanded: true }],
  [{}, { source: 'docker', demanded: false }],
])('%o chooses %o', (env, choice) => {
  expect(chooseSource(env)).toEqual(choice);
});

test('a name it does not know is an error that says which it knows', () => {
  expect(() => chooseSource({ TEST_DATABASE: 'pglite' })).toThrow(/"docker" or "embedded"/);
});
