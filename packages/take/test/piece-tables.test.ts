import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateMigration } from '../src/finish.ts';
import { items, type Piece } from '../src/items.ts';
import type { Lock } from '../src/lock.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, isPortable, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
const db = join(tree.root, 'packages/db');
const plans = items
  // The tables of portable pieces lack the tables around them: test/portable-pieces.test.ts compares them.
  .filter((item): item is Piece => item.kind === 'piece' && !isPortable(item))
  .map((piece) => ({ name: piece.name, plan: planPieces(tree, [piece], npmChoices) }))
  .filter(({ plan }) => plan.tables.length > 0);

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

const statements = (dump: string) =>
  dump
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && !statement.startsWith('--'));

describe.skipIf(!capabilities.concurrency).each(plans)('the tables of $name', ({ plan }) => {
  it('are those of the package that they come from, to the last index and check', {
    timeout: 120_000,
  }, async () => {
    for (const { path, text } of plan.files) {
      const target = join(host.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    symlinkSync(join(db, 'node_modules'), join(host.root, 'node_modules'));
    const options = { cwd: host.root };
    const lock: Lock = {
      version: 1,
      source: { version: '0.1.0', commit: null },
      choices: npmChoices,
      items: [],
      files: {},
      migrations: [],
      edits: [],
    };
    await generateMigration({ plan, folder: host.folder }, { project: host.root }, lock);
    const database = await createTestDatabase();
    const migrator = join(tree.root, 'packages/migrator/bin/migrator.js');
    const dump = join(host.root, 'dump.sql');
    await exec(
      process.execPath,
      [migrator, 'dump', '--url', database.url, '--output', dump],
      options,
    ).finally(() => database.close());
    const original = new Set(statements(readFileSync(join(db, 'schema.sql'), 'utf8')));
    const arrived = statements(readFileSync(dump, 'utf8'));
    expect(arrived.filter((statement) => !original.has(statement))).toEqual([]);
    // The other way: of its tables nothing is missing.
    const tables = arrived.flatMap((one) => /^CREATE TABLE (\S+)/.exec(one)?.[1] ?? []);
    expect(tables.length).toBeGreaterThan(0);
    const about = [...original].filter((one) =>
      tables.some((table) =>
        new RegExp(`\\b(?:ON|TABLE|OF) ${table.replace('.', '\\.')}\\b`).test(one),
      ),
    );
    expect(about.filter((statement) => !arrived.includes(statement))).toEqual([]);
  });
});
