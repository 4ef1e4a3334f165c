import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './command.ts';

const FILES = {
  'tsconfig.json':
    '{ "compilerOptions": { "baseUrl": ".", /* as editors read it */ "paths": { "~db/*": ["./src/db/*"] } } }',
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';
import { env } from '~/env.mjs';
export default defineConfig({ dialect: 'postgresql', schema: './src/db/schema.ts', casing: 'snake_case', dbCredentials: { url: env.DATABASE_URL } });`,
  'src/db/columns.ts': `import { text, timestamp } from 'drizzle-orm/pg-core';
import { createId } from 'an-id-generator-that-is-not-installed';
export const key = () => text().primaryKey().$defaultFn(() => createId());
export const times = { createdAt: timestamp().notNull().defaultNow() };`,
  'src/db/schema.ts': `import { key, times } from '~db/columns';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { branded } from 'a-type-helper-that-is-not-installed';
export const userNotes = pgTable('user_notes', { id: key(), noteTitle: branded(text()) === undefined ? text() : text(), ...times });
const unnamed = pgTable('unnamed', { label: text() });
export default unnamed;`,
};

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'audit-foreign-'));
  for (const type of ['module', 'commonjs'])
    for (const [path, text] of Object.entries({
      ...FILES,
      'package.json': `{ "name": "foreign", "type": "${type}" }`,
    })) {
      await mkdir(dirname(join(root, type, path)), { recursive: true });
      await writeFile(join(root, type, path), text);
    }
});
afterAll(() => rm(root, { recursive: true, force: true }));

// Nothing is installed in it, not even drizzle-orm and drizzle-kit.
describe.each(['module', 'commonjs'])('a project of "type": "%s" as it is checked out', (type) => {
  test('its drizzle.config, path aliases and casing hold; what is missing is told', async () => {
    const { out, err } = await run(['--format', 'json'], join(root, type));
    expect(err).toBe('');
    const { findings, notes, tables } = JSON.parse(out);
    const objects = findings.map(
      ({ rule, object }: { rule: string; object: string }) => `${rule} ${object}`,
    );
    expect(tables).toBe(2);
    expect(objects).toContain('timestamp-zone user_notes.created_at');
    expect(objects).toContain('primary-key unnamed');
    expect(objects).not.toContain('primary-key user_notes');
    expect(objects.join()).not.toContain('noteTitle');
    expect(notes.join()).toContain('an-id-generator-that-is-not-installed');
    expect(notes.join()).not.toContain('~db/columns');
  });

  test('the same schema from another folder keeps its aliases', async () => {
    const { out } = await run(
      ['--schema', `${type}/src/db/schema.ts`, '--casing', 'snake_case', '--format', 'editor'],
      root,
    );
    expect(out).toContain(`${type}/src/db/schema.ts:4:14: warning timestamp-zone`);
  });
});

test('a table whose columns come from what is not installed is known in part', async () => {
  await writeFile(
    join(root, 'module', 'part.ts'),
    `import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { reference, typeId } from '@acme/columns-that-are-not-installed';
import { audited, users } from '@acme/columns-that-are-not-installed';
export const notes = pgTable('notes', { id: typeId('note'), ownerId: reference('owner_id').references(() => users.id), bookId: text('book_id').references(() => books.id) }, (t) => [index('notes_owner_idx').on(t.ownerId.desc(), t.bookId)]);
export const books = pgTable('books', { title: text('title'), ...audited(), ...audited.more });
export const pages = pgTable('pages', { title: text('title') });`,
  );
  const { code, out, err } = await run(['--schema', 'module/part.ts', '--format', 'json'], root);
  expect([code, err]).toEqual([1, '']);
  const { findings, notes } = JSON.parse(out);
  const objects = findings.map(
    ({ rule, object }: { rule: string; object: string }) => `${rule} ${object}`,
  );
  expect(objects).toContain('primary-key pages');
  expect(objects).not.toContain('primary-key notes');
  expect(objects).not.toContain('primary-key books');
  expect(notes.join()).toContain(
    'known in part, so that no rule asks for what is not there: books, notes',
  );
});

test('a schema that is made by what is not installed says what that is', async () => {
  await writeFile(
    join(root, 'module', 'none.ts'),
    `import { table } from '@acme/tables-that-are-not-installed'; export const notes = table('notes', {});`,
  );
  const { code, err } = await run(['--schema', 'module/none.ts'], root);
  expect([code, err]).toEqual([1, expect.stringContaining('@acme/tables-that-are-not-installed')]);
});

test('packages of the same workspace are read from their source where nothing is installed', async () => {
  const files = {
    'package.json': '{ "name": "mono", "private": true, "workspaces": ["packages/*"] }',
    'packages/columns/package.json':
      '{ "name": "@mono/columns", "type": "module", "exports": { ".": { "types": "./dist/index.d.ts", "default": "./dist/index.js" }, "./keys/*": "./source/keys/*.ts" } }',
    'packages/columns/src/index.ts': `import { timestamp } from 'drizzle-orm/pg-core'; export const times = { createdAt: timestamp('created_at').notNull().defaultNow() };`,
    'packages/columns/source/keys/text.ts': `import { text } from 'drizzle-orm/pg-core'; export const key = () => text('id').primaryKey();`,
    'packages/db/package.json': '{ "name": "@mono/db", "type": "module" }',
    'packages/db/schema.ts': `import { pgTable } from 'drizzle-orm/pg-core'; import { times } from '@mono/columns'; import { key } from '@mono/columns/keys/text';
export const notes = pgTable('notes', { id: key(), ...times }); export const pages = pgTable('pages', { id: key(), ...times });`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, 'mono', path)), { recursive: true });
    await writeFile(join(root, 'mono', path), text);
  }
  const { out } = await run(['--schema', 'mono/packages/db/schema.ts', '--format', 'json'], root);
  const { findings, notes } = JSON.parse(out);
  expect(notes).toEqual([]);
  const zone = findings.find(({ rule }: { rule: string }) => rule === 'timestamp-zone');
  expect([zone.object, zone.also]).toEqual(['notes.created_at', ['pages.created_at']]);
  expect(zone.location.file).toBe('mono/packages/columns/src/index.ts');
});
