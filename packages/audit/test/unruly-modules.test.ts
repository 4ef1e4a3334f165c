import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { within } from '../src/load/modules.ts';
import { run } from './command.ts';

const folder = fileURLToPath(
  new URL(`../node_modules/.cache/unruly-${process.pid}/`, import.meta.url),
);
const notes = `import { integer, pgTable, timestamp } from 'drizzle-orm/pg-core';
export const notes = pgTable('notes', { id: integer('id').primaryKey(), at: timestamp('at') });
`;

beforeAll(() => mkdir(folder, { recursive: true }));
afterAll(() => rm(folder, { recursive: true }));

const auditOf = async (name: string, text: string) => {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, 'schema.ts'), notes);
  await writeFile(join(folder, name, 'other.ts'), text);
  const { code, out } = await run(['--schema', name, '--format', 'json'], folder);
  return { code, report: JSON.parse(out) };
};

test('a module that ends the process is left out, and the report says so', async () => {
  const { code, report } = await auditOf('exits', 'if (!process.env.NOT_SET) process.exit(7);');
  expect([code, report.tables]).toEqual([0, 1]);
  expect(report.notes.join()).toContain('other.ts: it ends the process (exit code 7)');
});

test('a module that writes and keeps a timer open neither spoils the report nor outlives it', async () => {
  const { code, report } = await auditOf(
    'noise',
    `console.log('connected'); console.info('{'); setInterval(() => {}, 1000);`,
  );
  expect([code, report.tables]).toEqual([0, 1]);
});

test('a module that never finishes is given up', async () => {
  const never = new Promise<void>(() => {});
  await expect(within(never, 50)).rejects.toThrow('still loading after 0.05 s');
  expect(await within(Promise.resolve(5), 60_000)).toBe(5);
});
