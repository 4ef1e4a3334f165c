import type { Driver, Manager } from '../src/host/read-host.ts';
import { items } from '../src/items.ts';

const pieces = items.filter(({ kind }) => kind === 'piece').map(({ name }) => name);
const packages = items.filter(({ kind }) => kind === 'package').map(({ name }) => name);

/** How the host's own code is compiled, and so how it imports; `javascript` has no compiler. */
export type ModuleKind = 'esm' | 'commonjs' | 'bundler' | 'javascript';

/** One trial: items that are taken together into a fresh project. */
export interface Cell {
  readonly title: string;
  readonly items: readonly string[];
  readonly manager: Manager;
  readonly node: '20' | '24';
  readonly module: ModuleKind;
  readonly driver?: Driver;
  readonly form?: 'source' | 'built' | 'packed';
  /** Domains of the package, and nothing else of it. */
  readonly only?: readonly string[];
}

type Where = Omit<Cell, 'title' | 'items'>;

/** Both Nodes with each kind of package manager: npm and Yarn lay packages flat, pnpm and bun link them. */
const everywhere: readonly Where[] = [
  { manager: 'pnpm', node: '24', module: 'esm' },
  { manager: 'npm', node: '20', module: 'esm' },
  { manager: 'yarn', node: '20', module: 'esm' },
  { manager: 'bun', node: '24', module: 'esm' },
];
const classic: Where = { manager: 'yarn-classic', node: '20', module: 'esm' };

const one = (item: string, where: Where): Cell => ({ title: item, items: [item], ...where });
const together = (names: readonly string[], where: Where): Cell => ({
  title: names.join(', '),
  items: names,
  ...where,
});
const allPieces = (where: Where): Cell => ({
  title: `all ${pieces.length} pieces`,
  items: pieces,
  ...where,
});
const allPackages = (where: Where): Cell => ({
  title: `all ${packages.length} packages`,
  items: packages,
  ...where,
});
const published = (where: Where): Cell => ({
  title: 'every published package',
  items: packages,
  ...where,
});
const someDomains = (where: Where): Cell => {
  const only = ['pages', 'drives'];
  return { title: `db --only ${only.join(',')}`, items: ['db'], only, ...where };
};

/**
 * Packages that are taken together, so that a few trials cover every package with every package manager. That
 * each can be taken alone, tests hold: its closure lacks no file, and its manifest no package.
 */
const groups = [
  ['kit', 'migrator', 'audit', 'local-postgres'],
  ['tasks', 'postgres', 'tenancy'],
  ['db'],
];

/** Every trial; each proves something that no other one does. The first is the fast one. */
export const cells: readonly Cell[] = [
  // One piece without a table, and one that gets a migration: the smallest that a project takes.
  one('keyset', { manager: 'npm', node: '20', module: 'esm' }),
  ...[...everywhere, classic].map((where) => one('refresh-tokens', where)),
  ...everywhere.map(allPieces),
  // Imports without an ending, as CommonJS and bundlers have them, and the other driver.
  allPieces({ manager: 'npm', node: '24', module: 'commonjs', driver: 'pg' }),
  allPieces({ manager: 'pnpm', node: '20', module: 'bundler' }),
  ...groups.flatMap((names) => everywhere.map((where) => together(names, where))),
  one('kit', classic),
  // pnpm hides what a manifest lacks, npm applies the patch by a script.
  someDomains({ manager: 'pnpm', node: '20', module: 'esm' }),
  someDomains({ manager: 'npm', node: '24', module: 'esm' }),
  // Built with tsc in the project, for hosts that cannot import TypeScript.
  one('kit', { manager: 'pnpm', node: '20', module: 'javascript', form: 'built' }),
  allPackages({ manager: 'npm', node: '20', module: 'commonjs', form: 'built' }),
  // Installed from tarballs, as from a registry.
  published({ manager: 'npm', node: '20', module: 'esm', form: 'packed' }),
  published({ manager: 'npm', node: '24', module: 'esm', form: 'packed' }),
];

export const nameOf = ({ title, manager, node, module, driver, form }: Cell): string =>
  [title, manager, `node ${node}`, module, driver, form].filter(Boolean).join(', ');
