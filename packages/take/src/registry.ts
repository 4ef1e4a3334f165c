import { posix } from 'node:path';
import { items, type Piece, type WholePackage } from './items.ts';
import { environmentOf } from './plan/environment.ts';
import { targetOf } from './plan/places.ts';
import type { Choices } from './plan/plan.ts';
import { packageClosure, planPackages } from './plan/plan-packages.ts';
import { hasTables, pieceClosure, planPieces } from './plan/plan-pieces.ts';
import { type ModuleReader, moduleReader } from './source/modules.ts';
import type { SourceTree } from './source/tree.ts';

/** One item in the schema of shadcn's registries; further fields are in `meta`. */
export interface RegistryItem {
  readonly name: string;
  readonly type: 'registry:lib';
  readonly title: string;
  readonly description: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly files: readonly { path: string; type: 'registry:file'; target: string }[];
  readonly envVars: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

const choices: Choices = {
  manager: 'pnpm',
  ending: 'ts',
  driver: 'postgres',
  form: 'source',
  into: 'src/db',
  project: '',
};

/** The contents of registry.json: every item, with its files by import closure. */
function registryOf(tree: SourceTree) {
  const modules = moduleReader(tree);
  return {
    $schema: 'https://ui.shadcn.com/schema/registry.json',
    name: 'postgres-reference',
    homepage: 'https://github.com/OWNER/REPOSITORY',
    items: items.map((item) =>
      item.kind === 'piece' ? pieceItem(tree, modules, item) : packageItem(tree, item),
    ),
  };
}

function pieceItem(tree: SourceTree, modules: ModuleReader, piece: Piece): RegistryItem {
  const { all, code } = pieceClosure(modules, piece);
  const plan = planPieces(tree, [piece], choices);
  const named = (isDev: boolean) =>
    plan.needed.filter((one) => one.isDev === isDev).map(({ name, range }) => `${name}@${range}`);
  return {
    name: piece.name,
    type: 'registry:lib',
    title: piece.name,
    description: piece.description,
    dependencies: named(false),
    devDependencies: named(true),
    files: all.files.map((path) => ({
      path,
      type: 'registry:file',
      target: posix.join(choices.into, targetOf(path)),
    })),
    envVars: variables(plan.environment),
    meta: {
      kind: 'piece',
      tables: code.files.filter((path) => hasTables(tree.read(path))),
    },
  };
}

function packageItem(tree: SourceTree, item: WholePackage): RegistryItem {
  const entries = packageClosure(tree, [item]);
  const plan = planPackages(tree, [item], choices);
  const ranges = (section: 'dependencies' | 'devDependencies') => {
    const names = entries.flatMap(({ manifest }) => Object.entries(manifest[section] ?? {}));
    const external = names.filter(([, range]) => !range.startsWith('workspace:'));
    const resolved = external.map(
      ([name, range]) => `${name}@${range === 'catalog:' ? tree.catalog[name] : range}`,
    );
    return [...new Set(resolved)].sort();
  };
  const manifest = entries.find(({ folder }) => folder === item.folder)?.manifest;
  const own = plan.files.filter(({ path }) =>
    path.startsWith(`${posix.basename(item.folder)}/src/`),
  );
  return {
    name: item.name,
    type: 'registry:lib',
    title: manifest?.name ?? item.name,
    description: item.description,
    dependencies: ranges('dependencies'),
    devDependencies: ranges('devDependencies'),
    // Whole folders, because a list of their files would change with every new file.
    files: entries.map(({ folder }) => ({
      path: `${folder}/package.json`,
      type: 'registry:file',
      target: posix.join('packages', posix.basename(folder), 'package.json'),
    })),
    envVars: variables(environmentOf(own)),
    meta: {
      kind: 'package',
      packages: entries.map(({ folder }) => folder),
      ...(plan.patch ? { patch: `packages/${plan.patch.path}` } : {}),
      scripts: Object.keys(manifest?.scripts ?? {}),
      ...(manifest?.scripts?.['db:migrate'] ? { composeServices: ['postgres'] } : {}),
    },
  };
}

const variables = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '']));

/** The text of registry.json. */
export const registryText = (tree: SourceTree): string =>
  `${JSON.stringify(registryOf(tree), null, 2)}\n`;
