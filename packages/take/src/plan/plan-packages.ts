import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import type { WholePackage } from '../items.ts';
import type { Manifest, SourcePackage, SourceTree } from '../source/tree.ts';
import { environmentOf } from './environment.ts';
import { packageManifest } from './package-manifest.ts';
import type { Choices, Plan, PlannedFile } from './plan.ts';
import { squashMigrations } from './squash.ts';

/** Packages that only a script or some tests of another one use, which come only if named. */
const onRequest = ['@reference/audit', '@reference/drizzle-next'];

/** The packages with those that their manifests name. */
export function packageClosure(tree: SourceTree, chosen: readonly WholePackage[]): SourcePackage[] {
  const byName = new Map(tree.packages.map((entry) => [entry.manifest.name, entry]));
  const pending = chosen.map(({ folder }) => packageAt(tree, folder));
  const asked = new Set(pending.map(({ manifest }) => manifest.name));
  const found = new Set<SourcePackage>();
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (found.has(entry)) continue;
    found.add(entry);
    const { dependencies, devDependencies } = entry.manifest;
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const other = byName.get(name);
      if (other && (asked.has(name) || !onRequest.includes(name))) pending.push(other);
    }
  }
  return [...found].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function packageAt(tree: SourceTree, folder: string): SourcePackage {
  const entry = tree.packages.find((one) => one.folder === folder);
  if (!entry) throw new TakeError(`There is no package in ${folder}.`, 1);
  return entry;
}

/** Plans whole packages: their folders side by side, as packages of the host's workspace. */
export function planPackages(
  tree: SourceTree,
  chosen: readonly WholePackage[],
  choices: Choices,
): Plan {
  const entries = packageClosure(tree, chosen);
  const left = onRequest.filter((name) => !entries.some(({ manifest }) => manifest.name === name));
  const renamed = renamer(tree, choices.scope);
  const files = entries.flatMap((entry) => {
    const item = chosen.find(({ folder }) => folder === entry.folder);
    return filesOf(tree, entry, { choices, left, item }).map((file) => ({
      ...file,
      text: renamed(file.text),
    }));
  });
  const kit = entries.some(({ folder }) => folder === 'packages/kit');
  const patch = kit ? patchIn(files) : undefined;
  return {
    files,
    needed: [],
    workspaces: entries.map(({ folder }) => posix.basename(folder)),
    tables: [],
    around: [],
    partitioned: [],
    environment: environmentOf(
      files.filter(({ path }) => /\/(src|package\.json)/.test(path) && !path.startsWith('local-')),
    ),
    allowBuilds: buildsAmong(tree, entries),
    patch,
  };
}

function patchIn(files: readonly PlannedFile[]): Plan['patch'] {
  for (const { path } of files) {
    const version = /^kit\/patches\/postgres@(.*)\.patch$/.exec(path)?.[1];
    if (version) return { path, version };
  }
  return undefined;
}

interface Taking {
  readonly choices: Choices;
  /** Packages that stay behind. */
  readonly left: readonly string[];
  readonly item: WholePackage | undefined;
}

function filesOf(
  tree: SourceTree,
  entry: SourcePackage,
  { choices, left, item }: Taking,
): PlannedFile[] {
  const { folder, manifest } = entry;
  const name = posix.basename(folder);
  const all = tree.filesBelow(folder);
  // A history among the tests is a fixture, and stays unchanged.
  const journal = all.find(
    (path) => path.endsWith('/meta/_journal.json') && !path.startsWith(`${folder}/test/`),
  );
  const migrations = journal && posix.dirname(posix.dirname(journal));
  const useless = filesNeeding(tree, all, left);
  const plain = all.filter(
    (path) =>
      path !== `${folder}/package.json` &&
      (migrations === undefined || !isMigration(path, migrations)) &&
      !useless.has(path) &&
      !(path.endsWith('.test.ts') && readsElsewhere(tree.read(path))),
  );
  const moved = (path: string) => `${name}${path.slice(folder.length)}`;
  return [
    { path: `${name}/package.json`, text: packageManifest(tree, manifest, choices, left) },
    ...plain.map((path) => ({ path: moved(path), text: tree.read(path) })),
    ...(migrations
      ? squashMigrations(tree, migrations, `${folder}/schema.sql`, item?.verbatim).map((file) => ({
          path: moved(file.path),
          text: file.text,
          isMigration: true,
        }))
      : []),
  ];
}

/** True if a test reads files that only this repository has, such as its documents. */
const readsElsewhere = (text: string): boolean => /'(?:\.\.\/)+(?:docs|apps|bench)\//.test(text);

/** The files that import a package which stays behind, directly or indirectly. */
function filesNeeding(
  tree: SourceTree,
  files: readonly string[],
  packages: readonly string[],
): Set<string> {
  const found = new Set<string>();
  if (packages.length === 0) return found;
  const imports = new Map(
    files
      .filter((path) => path.endsWith('.ts'))
      .map((path) => [path, specifiersIn(tree.read(path))] as const),
  );
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [path, specifiers] of imports) {
      const isOne = specifiers.some((one) =>
        one.startsWith('.')
          ? found.has(posix.join(posix.dirname(path), one))
          : packages.some((name) => one === name || one.startsWith(`${name}/`)),
      );
      if (isOne) found.add(path);
    }
  }
  return found;
}

const specifiersIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, one = '']) => one);

const isMigration = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}/`) && /\.sql$|\/meta\/[^/]+\.json$/.test(path);

/** The packages' dependencies with install scripts, which would otherwise stop pnpm. */
function buildsAmong(
  tree: SourceTree,
  entries: readonly SourcePackage[],
): Readonly<Record<string, boolean>> {
  const uses = (name: string) =>
    entries.some(({ manifest }) => [...dependencyNames(manifest)].includes(name));
  const isDirect = (name: string) => name.includes('/') && tree.catalog[name] !== undefined;
  return Object.fromEntries(
    Object.entries(tree.allowBuilds).filter(([name]) => !isDirect(name) || uses(name)),
  );
}

function dependencyNames(manifest: Manifest): Set<string> {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }));
}

/** Replaces this repository's scope in manifests, imports and prose. */
function renamer(tree: SourceTree, scope: string | undefined): (text: string) => string {
  if (scope === undefined) return (text) => text;
  const names = tree.packages.map(({ folder, manifest }) => ({
    pattern: new RegExp(`${manifest.name.replace('/', '\\/')}(?![\\w-])`, 'g'),
    name: `${scope}/${posix.basename(folder)}`,
  }));
  return (text) => names.reduce((rest, { pattern, name }) => rest.replace(pattern, name), text);
}
