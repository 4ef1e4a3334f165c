import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { undeclaredTypes } from '../src/declared-types.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'declared-types-'));
  await mkdir(join(folder, 'dist/deep'), { recursive: true });
  await writeFile(
    join(folder, 'dist/deep/index.d.ts'),
    `import type { Client } from 'pg';
import { Buffer } from 'node:buffer';
import type { Db } from '../db.js';
export declare const table: import("drizzle-orm/pg-core").PgTable;
export declare const open: (client: Client, db: Db) => Buffer;
`,
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('types that only this workspace has installed are found', async () => {
  const manifest = { name: 'x', dependencies: { pg: '8' }, devDependencies: { '@types/pg': '8' } };
  expect(await undeclaredTypes(folder, manifest)).toEqual([
    'deep/index.d.ts needs the types of @types/pg, which are no dependency',
    'deep/index.d.ts needs the types of drizzle-orm, which are no dependency',
  ]);
});

test('types that come along, as a dependency or a peer, are fine', async () => {
  const dependencies = { pg: '8', '@types/pg': '8' };
  const manifest = { name: 'x', dependencies, peerDependencies: { 'drizzle-orm': '0.45' } };
  expect(await undeclaredTypes(folder, manifest)).toEqual([]);
});
