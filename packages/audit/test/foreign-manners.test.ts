import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../src/audit.ts';
import type { Report } from '../src/finding.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-manners-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reportOn = async (name: string, text: string): Promise<Report> => {
  const path = join(folder, `${name}.ts`);
  await writeFile(path, text);
  return audit({ schema: [path], root: folder });
};
const objectsOf = ({ findings }: Report): string[] =>
  findings.map(({ rule, object }) => `${rule} ${object}`);

test('a table of a package is referred to and not judged', async () => {
  const report = await reportOn(
    'package',
    `import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { authUsers } from 'drizzle-orm/supabase';
export { authUsers };
export const users = pgTable('users', { id: uuid('id').primaryKey().references(() => authUsers.id, { onDelete: 'cascade' }), name: text('name'), updatedAt: timestamp('updated_at') });`,
  );
  expect(report.tables).toBe(1);
  expect(objectsOf(report).filter((object) => object.includes('auth.'))).toEqual([]);
  expect(objectsOf(report)).toContain('timestamp-zone users.updated_at');
  expect(report.notes.join()).toContain('not judged: auth.users');
});

test('a platform’s table that is declared by hand is not judged, a project’s own of that namespace is', async () => {
  const start = `import { pgSchema, pgTable, serial, text, timestamp, uuid } from 'drizzle-orm/pg-core';
export const auth = pgSchema('auth');
export const users = auth.table('users', { id: uuid('id').primaryKey(), email: text('email'), createdAt: timestamp('created_at') });
export const notes = pgTable('notes', { id: serial('id').primaryKey(), userId: uuid('user_id').references(() => users.id) });
`;
  const platform = await reportOn('platform', start);
  expect([platform.tables, objectsOf(platform).join().includes('auth.users')]).toEqual([1, false]);
  const own = await reportOn(
    'own',
    `${start}export const sessions = auth.table('sessions', { id: uuid('id').primaryKey(), userId: uuid('user_id').references(() => users.id) });`,
  );
  expect(own.tables).toBe(3);
  expect(objectsOf(own)).toContain('timestamp-zone auth.users.created_at');
});

test('a migrator’s bookkeeping in a schema that was pulled is not judged', async () => {
  const report = await reportOn(
    'pulled',
    `import { pgTable, timestamp, varchar } from 'drizzle-orm/pg-core';
export const arInternalMetadata = pgTable('ar_internal_metadata', { key: varchar().primaryKey().notNull(), createdAt: timestamp('created_at').notNull() });
export const notes = pgTable('notes', { id: varchar({ length: 20 }).primaryKey(), createdAt: timestamp('created_at').notNull() });`,
  );
  expect(report.tables).toBe(1);
  expect(objectsOf(report)).toContain('timestamp-zone notes.created_at');
  expect(report.notes.join()).toContain('not judged: ar_internal_metadata');
});

test('a table from the project’s own wrapper has its place', async () => {
  const { findings } = await reportOn(
    'wrapper',
    `import { pgTable, serial, text } from 'drizzle-orm/pg-core';
const entity = <C extends Record<string, any>>(name: string, columns: C) => pgTable(name, { id: serial('id').primaryKey(), ...columns });

export const notes = entity('notes', {
  apiKey: text('api_key'),
});`,
  );
  const place = (rule: string) => findings.find((found) => found.rule === rule)?.location;
  expect(place('no-serial')).toEqual({ file: 'wrapper.ts', line: 4, column: 14 });
  expect(place('secret-sealed')).toEqual({ file: 'wrapper.ts', line: 5, column: 3 });
});

test('exports that fail as they are looked at are left out', async () => {
  const report = await reportOn(
    'lazy',
    `import { relations } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
const fails = () => { throw new Error('DATABASE_URL is not set'); };
export const db = new Proxy({}, { get: fails, getPrototypeOf: fails, ownKeys: fails });
export const holder = { get client() { return fails(); } };
export const notes = pgTable('notes', { label: text('label') });
export const notesRelations = relations(notes, ({ one }) => ({ gone: one((undefined as any).table) }));`,
  );
  expect(objectsOf(report)).toContain('primary-key notes');
});
