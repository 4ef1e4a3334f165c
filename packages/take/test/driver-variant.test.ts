import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { openDatabase } from '../portable/test-database.ts';
import { items, type Piece } from '../src/items.ts';
import { forDriver } from '../src/plan/driver-variant.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { npmChoices } from './host.ts';

const tree = openSource();
const piece = items.find((item): item is Piece => item.name === 'transactions');
if (piece?.kind !== 'piece') throw new Error('There is no piece transactions.');
const { files } = planPieces(tree, [piece], { ...npmChoices, driver: 'pg', ending: 'ts' });

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'take-driver-')));
  symlinkSync(join(tree.root, 'packages/take/node_modules'), join(root, 'node_modules'));
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('the tests’ database on node-postgres names postgres.js nowhere', () => {
  const text = files.find(({ path }) => path === 'test/test-database.ts')?.text ?? '';
  expect(text).toContain('node-postgres');
  expect(text).not.toMatch(/postgres-js|onnotice/);
});

it.each([
  { host: 'a host that sees the types of pg', paths: {} },
  // Drizzle imports the default export of pg, whose types have one only with `esModuleInterop`.
  { host: 'a host without esModuleInterop', paths: { pg: ['./without-default.d.ts'] } },
])('the tests’ database on node-postgres compiles in $host', ({ paths }) => {
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'without-default.d.ts'), 'export {};');
  const options = { target: 'es2023', module: 'nodenext', strict: true, noEmit: true };
  const tsconfig = {
    compilerOptions: {
      ...options,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: ['node'],
      paths,
    },
    include: ['test', 'kit'],
  };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(tsconfig));
  const compiler = join(root, 'node_modules/.bin/tsc');
  expect(() => execFileSync(compiler, ['-p', root], { stdio: 'pipe' })).not.toThrow();
});

it('a line that the variant would change and does not find is an error', () => {
  expect(() => forDriver('import nothing;', 'pg')).toThrow('has no');
});

it.skipIf(!capabilities.concurrency)(
  'the tests’ database on node-postgres opens, runs statements, listens and closes',
  async () => {
    const module: { openDatabase: typeof openDatabase } = await import(
      join(root, 'test/test-database.ts')
    );
    const database = await module.openDatabase();
    const heard: string[] = [];
    const listening = await database.sql.listen('news', (payload) => heard.push(payload));
    expect(await database.sql`select ${[1, 2]}::int[] as list`).toEqual([{ list: [1, 2] }]);
    await database.sql`select pg_notify('news', 'hello')`;
    for (let n = 0; n < 3000 && heard.length === 0; n += 1) await sleep(10);
    expect(heard).toEqual(['hello']);
    await listening.unlisten();
    await database.close();
  },
);
