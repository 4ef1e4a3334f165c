import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities } from '@reference/local-postgres';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as original from '../../tenancy/src/schema/documents.ts';
import * as portable from '../portable/schema/documents.ts';
import { generateMigration } from '../src/finish.ts';
import { items, type Piece } from '../src/items.ts';
import type { Lock } from '../src/lock.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, linkModules, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
const piece = items.find((item): item is Piece => item.name === 'hybrid-search');
if (!piece) throw new Error('There is no hybrid-search.');
const plan = planPieces(tree, [piece], { ...npmChoices, ending: 'ts' });

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

const columnsOf = (table: PgTable) =>
  getTableConfig(table).columns.map((column) => ({
    name: column.name,
    type: column.getSQLType(),
    notNull: column.notNull,
    isGenerated: column.generated !== undefined,
  }));

it.each([
  ['documents', portable.documents, original.documents],
  ['document_chunks', portable.documentChunks, original.documentChunks],
])('every column of %s is as tenancy has it', (_, table, model) => {
  const columns = columnsOf(table);
  expect(columns.length).toBeGreaterThan(5);
  expect(columnsOf(model)).toEqual(expect.arrayContaining(columns));
});

it('its migration makes what its own tests need, in the project that takes it', {
  timeout: 180_000,
}, async () => {
  for (const { path, text } of plan.files) {
    const target = join(host.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  host.write('package.json', '{ "name": "host", "private": true, "type": "module" }');
  for (const folder of ['packages/take', 'packages/db', 'tooling/local-postgres'])
    linkModules(join(tree.root, folder), host.root);
  const lock: Lock = {
    version: 1,
    source: { version: '0.1.0', commit: null },
    choices: npmChoices,
    items: [],
    files: {},
    migrations: [],
    edits: [],
  };
  const made = await generateMigration({ plan, folder: host.folder }, { project: host.root }, lock);
  const migration = readFileSync(join(host.root, made[0] ?? ''), 'utf8');
  expect(migration).toMatch(/^CREATE EXTENSION[\s\S]*CREATE TABLE[\s\S]*SET STORAGE PLAIN;/);
  const vitest = join(host.root, 'node_modules/.bin/vitest');
  // Only the container's server has pgvector; PGlite brings its own.
  const TEST_DATABASE_URL = capabilities.docker ? process.env.TEST_DATABASE_URL : undefined;
  const options = { cwd: host.root, env: { ...process.env, TEST_DATABASE_URL } };
  const ran = await exec(vitest, ['run', '--root', host.root, 'src/db'], options);
  expect(ran.stdout).toMatch(/Tests .*\d+ passed/);
});
