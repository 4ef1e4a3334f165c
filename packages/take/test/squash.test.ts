import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { items, type WholePackage } from '../src/items.ts';
import { planPackages } from '../src/plan/plan-packages.ts';
import { openSource } from '../src/source/tree.ts';
import { npmChoices } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
const packages = items.filter(
  (item): item is WholePackage => item.kind === 'package' && tree.has(`${item.folder}/schema.sql`),
);

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'take-squash-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A package as it arrives, with the dependencies that it has here. */
function arrive(item: WholePackage): string {
  const plan = planPackages(tree, [item], { ...npmChoices, into: 'packages' });
  const name = item.folder.split('/')[1] ?? '';
  for (const { path, text } of plan.files.filter((file) => file.path.startsWith(`${name}/`))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(tree.root, item.folder, 'node_modules'), join(root, name, 'node_modules'));
  return join(root, name);
}

describe.each(packages)('the one migration of $name', (item) => {
  // Without pgvector on the run's server, verify starts a database of its own that has it.
  const onServer = item.name !== 'tenancy' || capabilities.docker;

  it('makes what the whole history makes, leaves nothing in the down migration, and fits the snapshot', {
    timeout: 180_000,
  }, async () => {
    const folder = arrive(item);
    const database = await createTestDatabase();
    const migrator = join(tree.root, 'packages/migrator/bin/migrator.js');
    const url = onServer ? ['--url', database.url] : [];
    try {
      // Compares the migrations with schema.sql, which is the dump of the history here.
      const { stdout } = await exec(process.execPath, [migrator, 'verify', ...url], {
        cwd: folder,
      });
      expect(stdout).toContain('✓');
    } finally {
      await database.close();
    }
  });
});
