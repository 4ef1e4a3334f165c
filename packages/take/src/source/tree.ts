import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { TakeError } from '../errors.ts';

export interface Manifest {
  name: string;
  version: string;
  description?: string;
  private?: boolean;
  exports?: Record<string, unknown>;
  publishConfig?: { exports?: Record<string, unknown> };
  bin?: Record<string, string>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface SourcePackage {
  /** From the root, such as `packages/kit`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** This repository's files, the source of items. */
export interface SourceTree {
  readonly root: string;
  readonly packages: readonly SourcePackage[];
  /** The versions of `catalog:`. */
  readonly catalog: Readonly<Record<string, string>>;
  /** The packages that may run a script at install. */
  readonly allowBuilds: Readonly<Record<string, boolean>>;
  has(path: string): boolean;
  read(path: string): string;
  /** Every file below a folder that belongs to the source, from the root. */
  filesBelow(folder: string): string[];
}

const ignored = new Set(['node_modules', 'dist', 'screenshots']);

/** The folder in which a packed `take` holds a copy of the items. */
const bundle = 'packages/take/source';

/**
 * The name of a manifest in that copy, because its own name would make a package within a package.
 */
export const bundledManifest = 'package.json.source';

/** The clone of this program, or the copy in a packed `take`. */
function ownRoot(): string {
  const clone = fileURLToPath(new URL('../../../..', import.meta.url));
  return existsSync(join(clone, 'packages/take/package.json'))
    ? clone
    : fileURLToPath(new URL('../../source', import.meta.url));
}

/** @throws TakeError when the folder is no copy of this repository */
export function openSource(root: string = ownRoot()): SourceTree {
  const isClone = existsSync(join(root, 'packages/take/package.json'));
  const stored = (path: string) =>
    join(root, isClone ? path : path.replace(/(^|\/)package\.json$/, `$1${bundledManifest}`));
  const read = (path: string) => readFileSync(stored(path), 'utf8');
  const has = (path: string) => existsSync(stored(path));
  if (!existsSync(join(root, 'pnpm-workspace.yaml')))
    throw new TakeError(`${root} is no copy of this repository.`);
  const workspace: {
    catalog?: Record<string, string>;
    allowBuilds?: Record<string, boolean>;
  } = parse(read('pnpm-workspace.yaml'));

  function* walk(folder: string): Generator<string> {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (ignored.has(entry.name) || entry.name.startsWith('.')) continue;
      const name = entry.name === bundledManifest ? 'package.json' : entry.name;
      const path = `${folder}/${name}`;
      if (path === bundle) continue;
      if (entry.isDirectory()) yield* walk(path);
      else if (entry.isFile()) yield path;
    }
  }

  const packages = ['packages', 'tooling'].flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .map((name) => `${parent}/${name}`)
          .filter((folder) => has(`${folder}/package.json`))
          .map(
            (folder): SourcePackage => ({
              folder,
              manifest: JSON.parse(read(`${folder}/package.json`)),
            }),
          )
      : [],
  );
  return {
    root,
    packages,
    catalog: workspace.catalog ?? {},
    allowBuilds: workspace.allowBuilds ?? {},
    has,
    read,
    filesBelow: (folder) => [...walk(folder)].sort(),
  };
}

/** The range that a package of this repository declares for one from npm, with catalogs resolved. */
export function declaredRange(
  tree: SourceTree,
  owner: SourcePackage,
  name: string,
): string | undefined {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = owner.manifest;
  const range =
    dependencies?.[name] ??
    devDependencies?.[name] ??
    peerDependencies?.[name] ??
    optionalDependencies?.[name];
  return range === 'catalog:' ? tree.catalog[name] : range;
}

/** The package that a file belongs to. */
export function ownerOf(tree: SourceTree, path: string): SourcePackage | undefined {
  return tree.packages.find(({ folder }) => path.startsWith(`${folder}/`));
}
