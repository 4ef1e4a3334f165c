import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readSources } from '../src/source/sources.ts';

test('a table that is re-exported from another package of the workspace is found, an installed one not', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'audit-sources-')));
  try {
    const write = async (path: string, text: string) => {
      await mkdir(join(root, path, '..'), { recursive: true });
      await writeFile(join(root, path), text);
    };
    const exports = JSON.stringify({ name: 'tables', exports: { './limits': './limits.ts' } });
    await write('tables/package.json', exports);
    await write('tables/limits.ts', "export * from './columns.ts';");
    await write('tables/columns.ts', '');
    await write('app/node_modules/installed/index.js', '');
    await write(
      'app/schema.ts',
      "export * from 'tables/limits'; export * from 'installed'; export * from 'missing'; import fs from 'node:fs';",
    );
    await symlink(join(root, 'tables'), join(root, 'app/node_modules/tables'));
    const sources = await readSources([join(root, 'app/schema.ts')]);
    expect([...sources.keys()].map((path) => relative(root, path)).sort()).toEqual([
      'app/schema.ts',
      'tables/columns.ts',
      'tables/limits.ts',
    ]);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
