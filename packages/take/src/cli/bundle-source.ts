// Runs before this package is packed: copies the items' files into `source`, because a packed take
// has no clone.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { items } from '../items.ts';
import { packageClosure } from '../plan/plan-packages.ts';
import { bundledManifest, openSource } from '../source/tree.ts';

const clone = fileURLToPath(new URL('../../../..', import.meta.url));
const tree = openSource(clone);
const target = join(clone, 'packages/take/source');
rmSync(target, { recursive: true, force: true });
const packages = items.filter((item) => item.kind === 'package');
const folders = packageClosure(tree, packages).map(({ folder }) => folder);
const files = ['pnpm-workspace.yaml', ...folders.flatMap((folder) => tree.filesBelow(folder))];
files.push('packages/take/package.json', ...tree.filesBelow('packages/take/portable'));
files.push('packages/take/test/transaction.test.ts');
for (const file of files) {
  const copy = join(target, file.replace(/(^|\/)package\.json$/, `$1${bundledManifest}`));
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(join(clone, file), copy);
}
