import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entities } from '../scripts/entities.ts';
import * as queries from '../src/queries/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('ENTITIES.md shows the schema as it is (pnpm docs:diagram)', () => {
  expect(readFileSync(new URL('../ENTITIES.md', import.meta.url), 'utf8')).toBe(entities());
});

test('the README names every query that is not a vendor table’s upsert, list or get', () => {
  const vendor = /^(upsert|get)(Github|Slack|Linear|Jira|Notion|Google|Youtube|Spotify|X)/;
  for (const name of Object.keys(queries)) {
    if (!vendor.test(name)) expect(readme, name).toContain(name);
  }
});
