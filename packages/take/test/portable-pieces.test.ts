import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities } from '@reference/local-postgres';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as workspace from '../../db/src/schema/index.ts';
import * as tenancy from '../../tenancy/src/schema/documents.ts';
import * as audit from '../portable/schema/audit-trail.ts';
import * as documents from '../portable/schema/documents.ts';
import { recentViews } from '../portable/schema/recent-views.ts';
import { shareLinks } from '../portable/schema/share-links.ts';
import { textVersions } from '../portable/schema/text-versions.ts';
import { generateMigration } from '../src/finish.ts';
import { items } from '../src/items.ts';
import type { Lock } from '../src/lock.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, isPortable, linkModules, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
const portable = items.filter(isPortable);

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

const columnsOf = (table: PgTable, renamed: Readonly<Record<string, string>> = {}) =>
  getTableConfig(table).columns.map((column) => ({
    name: renamed[column.name] ?? column.name,
    type: column.getSQLType(),
    notNull: column.notNull,
    isGenerated: column.generated !== undefined,
  }));

it.each([
  ['documents', documents.documents, tenancy.documents, {}],
  ['document_chunks', documents.documentChunks, tenancy.documentChunks, {}],
  ['audit_entries', audit.auditEntries, workspace.auditEntries, { subjectId: 'pageId' }],
  ['audit_heads', audit.auditHeads, workspace.auditHeads, {}],
  ['audit_pseudonyms', audit.auditPseudonyms, workspace.auditPseudonyms, {}],
  ['share_links', shareLinks, workspace.shareLinks, { resourceId: 'pageId' }],
  ['text_versions', textVersions, workspace.pageVersions, { textId: 'pageId' }],
  ['recent_views', recentViews, workspace.pageViews, { subjectId: 'pageId' }],
])('every column of %s is as in the package that it comes from', (_, table, model, renamed) => {
  const columns = columnsOf(table, renamed);
  expect(columns.length).toBeGreaterThanOrEqual(4);
  expect(columnsOf(model)).toEqual(expect.arrayContaining(columns));
});

it('the audit trail has the functions and triggers of the package, but for what an entry is about', () => {
  const of = (path: string) =>
    tree
      .read(path)
      .split('--> statement-breakpoint')
      .map((statement) => statement.trim());
  const original = of('packages/db/drizzle/0014_audit_trail.sql').map((statement) =>
    statement.replace('NEW."driveId", NEW."pageId"', 'NEW."subjectId"'),
  );
  const own = of('packages/take/portable/schema/audit-trail.sql');
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter((statement) => !original.includes(statement))).toEqual([]);
  const behind = original.filter((statement) => /(FUNCTION|TRIGGER|REVOKE)/.test(statement));
  expect(behind.filter((statement) => !own.includes(statement))).toEqual([]);
});

it('there are such pieces', () => expect(portable.length).toBeGreaterThan(3));

it.each(portable)(
  'the migration of $name makes what its own tests need, in the project that takes it',
  {
    timeout: 180_000,
  },
  async (piece) => {
    const plan = planPieces(tree, [piece], { ...npmChoices, ending: 'ts' });
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
    const made = await generateMigration(
      { plan, folder: host.folder },
      { project: host.root },
      lock,
    );
    const migration = readFileSync(join(host.root, made[0] ?? ''), 'utf8');
    if (piece.name === 'hybrid-search')
      expect(migration).toMatch(/^CREATE EXTENSION[\s\S]*CREATE TABLE[\s\S]*SET STORAGE PLAIN;/);
    if (piece.name === 'audit-trail') {
      const down = readFileSync(join(host.root, made[1] ?? ''), 'utf8');
      expect(down).toMatch(/^DROP TABLE [\s\S]*DROP FUNCTION "audit_sha256";[\s\S]*"audit_field";/);
    }
    const vitest = join(host.root, 'node_modules/.bin/vitest');
    // Only the container's server has pgvector; PGlite brings its own.
    const TEST_DATABASE_URL = capabilities.docker ? process.env.TEST_DATABASE_URL : undefined;
    const options = { cwd: host.root, env: { ...process.env, TEST_DATABASE_URL } };
    const ran = await exec(vitest, ['run', '--root', host.root, 'src/db'], options);
    expect(ran.stdout).toMatch(/Tests .*\d+ passed/);
  },
);
