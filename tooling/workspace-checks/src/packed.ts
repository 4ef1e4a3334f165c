import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Outcome, run } from './command.ts';
import { undeclaredTypes } from './declared-types.ts';
import { root, type WorkspacePackage } from './workspace.ts';

/** Inside its package, so that the packed copy finds the dependencies that the package declares. */
const folderOf = (entry: WorkspacePackage) => join(root, entry.folder, '.packed');

/**
 * Packs a package and unpacks it beside its source.
 * @returns the path of the tarball
 * @throws Error with pnpm's output when it cannot be packed
 */
export async function pack(entry: WorkspacePackage): Promise<string> {
  const target = folderOf(entry);
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  // pnpm, because it puts publishConfig, catalog and workspace versions in their places.
  const packed = await run(
    'pnpm',
    ['pack', '--pack-destination', target],
    join(root, entry.folder),
  );
  const [tarball] = await readdir(target);
  if (packed.failed || !tarball) throw new Error(packed.output);
  const unpacked = await run('tar', ['-xzf', tarball], target);
  if (unpacked.failed) throw new Error(unpacked.output);
  return join(target, tarball);
}

/**
 * Puts the packed packages where this one's copy, and a program beside it, import them from, and ends
 * the scope of the package's own manifest, by which the name would mean the source.
 */
export async function linkPacked(
  entry: WorkspacePackage,
  packed: readonly WorkspacePackage[],
): Promise<void> {
  await writeFile(join(folderOf(entry), 'package.json'), '{ "private": true }');
  for (const other of packed) {
    const link = join(folderOf(entry), 'node_modules', other.manifest.name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(folderOf(other), 'package'), link, 'junction');
  }
}

/**
 * Compiles and runs a program that imports the packed package. An export whose declarations do not
 * resolve would be `any`, which no compiler complains of; the program does.
 */
export async function consume(entry: WorkspacePackage): Promise<Outcome[]> {
  const target = folderOf(entry);
  await writeFile(
    join(target, 'consumer.mts'),
    `import * as it from '${entry.manifest.name}';
type Unresolved = { [K in keyof typeof it]: 0 extends 1 & (typeof it)[K] ? K : never }[keyof typeof it];
export const none: [Unresolved] extends [never] ? true : Unresolved = true;
`,
  );
  await writeFile(
    join(target, 'tsconfig.json'),
    JSON.stringify({ extends: '@reference/tsconfig/base.json', include: ['consumer.mts'] }),
  );
  const used = (how: string) => `
    const names = Object.keys(${how}('${entry.manifest.name}'));
    if (names.length === 0) throw new Error('it exports nothing');`;
  const undeclared = await undeclaredTypes(join(target, 'package'), entry.manifest);
  return Promise.all([
    run('tsc', ['-p', target, '--pretty', 'false'], target),
    run(process.execPath, ['--input-type=module', '-e', used('await import')], target),
    // Node 20.19 and later can require a module; that keeps a CommonJS program from a build of its own.
    run(process.execPath, ['--input-type=commonjs', '-e', used('require')], target),
    { failed: undeclared.length > 0, output: undeclared.join('\n') },
  ]);
}

export async function removePacked(entry: WorkspacePackage): Promise<void> {
  await rm(folderOf(entry), { recursive: true, force: true });
}
