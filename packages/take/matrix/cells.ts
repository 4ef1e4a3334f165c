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
  /** The beginnings of test files, by the package; of a package that is not named, all run. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  /** Whether the tests of pieces get a server. Otherwise they run on PGlite, where some are skipped. */
  readonly server?: boolean;
}

type Where = Omit<Cell, 'title' | 'items'>;

/** Both Nodes; flat folders of packages with npm and Yarn, linked ones with pnpm and bun. */
const everywhere: readonly Where[] = [
  { manager: 'pnpm', node: '24', module: 'esm' },
  { manager: 'npm', node: '20', module: 'esm' },
  { manager: 'yarn', node: '20', module: 'esm' },
  { manager: 'bun', node: '24', module: 'esm' },
];
const refreshTokens = (['npm', 'pnpm', 'yarn', 'bun', 'yarn-classic'] as const).map(
  (manager): Where => ({ manager, node: '20', module: 'esm' }),
);

const together = (names: readonly string[], where: Where): Cell => ({
  title: names.join(', '),
  items: names,
  tests: testsOfLayout,
  ...where,
});
const whole = (item: string, where: Where): Cell => ({ title: item, items: [item], ...where });
const allPieces = (where: Where): Cell => ({
  title: `all ${pieces.length} pieces`,
  items: pieces,
  server: true,
  ...where,
});
const allPackages = (where: Where): Cell => ({
  title: `all ${packages.length} packages`,
  items: packages,
  tests: testsOfLayout,
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
 * The test files that a package manager can break: those that start programs of node_modules, find files
 * beside a package, migrate, compare the schema, or need the driver's patch.
 */
const testsOfLayout = {
  kit: ['test/driver', 'test/faults', 'test/patch-postgres'],
  migrator: ['test/command', 'test/migrate'],
  audit: ['test/command', 'test/sources'],
  'local-postgres': ['test/test-database', 'test/embedded-server'],
  tasks: ['test/schema', 'test/seed'],
  db: ['test/schema', 'test/core/pages'],
  postgres: ['test/schemas'],
  tenancy: ['test/schema', 'test/create-tenancy'],
};

/** Every trial; each proves something that no other one does. The first is the fast one. */
export const cells: readonly Cell[] = [
  // One piece without a table, and one that gets a migration: the smallest that a project takes.
  together(['keyset'], { manager: 'npm', node: '20', module: 'esm' }),
  ...refreshTokens.map((where) => together(['refresh-tokens'], where)),
  ...everywhere.map(allPieces),
  // Imports without an ending, as CommonJS and bundlers have them, and the other driver.
  together(['keyset'], { manager: 'npm', node: '24', module: 'commonjs', driver: 'pg' }),
  together(['refresh-tokens'], { manager: 'npm', node: '24', module: 'bundler', driver: 'pg' }),
  together(['sealed-secrets'], { manager: 'pnpm', node: '20', module: 'commonjs' }),
  together(['tokens'], { manager: 'bun', node: '24', module: 'bundler' }),
  together(['transactions'], { manager: 'yarn', node: '24', module: 'esm' }),
  // Two packages with all their tests, each with both kinds of folders: flat and linked.
  whole('kit', { manager: 'yarn', node: '20', module: 'esm' }),
  whole('kit', { manager: 'bun', node: '24', module: 'esm' }),
  whole('tasks', { manager: 'npm', node: '20', module: 'esm' }),
  whole('tasks', { manager: 'pnpm', node: '24', module: 'esm' }),
  ...everywhere.map(allPackages),
  // The narrowed manifest must still name all that the narrowed code imports.
  someDomains({ manager: 'pnpm', node: '20', module: 'esm' }),
  // Built with tsc in the project, for hosts that cannot import TypeScript.
  together(['kit'], { manager: 'pnpm', node: '20', module: 'javascript', form: 'built' }),
  whole('kit', { manager: 'npm', node: '20', module: 'commonjs', form: 'built' }),
  // Installed from tarballs, as from a registry.
  published({ manager: 'npm', node: '20', module: 'esm', form: 'packed' }),
  published({ manager: 'npm', node: '24', module: 'esm', form: 'packed' }),
];

export const nameOf = ({ title, manager, node, module, driver, form }: Cell): string =>
  [title, manager, `node ${node}`, module, driver, form].filter(Boolean).join(', ');
