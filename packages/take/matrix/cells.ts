import type { Driver, Manager } from '../src/host/read-host.ts';
import { items } from '../src/items.ts';

/** Every published package, installed from its tarball. */
const allPackages = 'all packages';
/** Every piece, taken together. */
export const allPieces = 'all pieces';
export const pieceNames = items.filter(({ kind }) => kind === 'piece').map(({ name }) => name);

/** How the host's own code is compiled, and so how it imports; `javascript` has no compiler. */
export type ModuleKind = 'esm' | 'commonjs' | 'bundler' | 'javascript';

/** One trial: an item, or all pieces, in a fresh project. */
export interface Cell {
  readonly item: string;
  readonly manager: Manager;
  readonly node: '20' | '24';
  readonly module: ModuleKind;
  readonly driver?: Driver;
  readonly form?: 'source' | 'built' | 'packed';
  /** Domains of the package, and nothing else of it. */
  readonly only?: readonly string[];
}

const managers = ['npm', 'pnpm', 'yarn', 'bun'] as const;
const packages = [
  'kit',
  'migrator',
  'audit',
  'local-postgres',
  'tasks',
  'db',
  'postgres',
  'tenancy',
] as const;
const everywhere = (item: string, rest: Omit<Cell, 'item' | 'manager'>): Cell[] =>
  managers.map((manager) => ({ item, manager, ...rest }));

/** Every trial. The first is the fast one: it needs no more than a minute beside its install. */
export const cells: readonly Cell[] = [
  { item: 'keyset', manager: 'npm', node: '20', module: 'esm' },
  ...everywhere('refresh-tokens', { node: '20', module: 'esm' }),
  { item: 'refresh-tokens', manager: 'yarn-classic', node: '20', module: 'esm' },
  { item: 'keyset', manager: 'npm', node: '24', module: 'commonjs', driver: 'pg' },
  { item: 'refresh-tokens', manager: 'npm', node: '24', module: 'bundler', driver: 'pg' },
  { item: 'sealed-secrets', manager: 'pnpm', node: '20', module: 'commonjs' },
  { item: 'tokens', manager: 'bun', node: '24', module: 'bundler' },
  { item: 'transactions', manager: 'yarn', node: '24', module: 'esm' },
  ...everywhere(allPieces, { node: '20', module: 'esm' }),
  { item: allPieces, manager: 'npm', node: '24', module: 'commonjs', driver: 'pg' },
  { item: allPieces, manager: 'pnpm', node: '24', module: 'bundler' },
  // Each piece alone, with the quickest manager: nothing of it may come from another.
  ...pieceNames.map((item): Cell => ({ item, manager: 'pnpm', node: '24', module: 'esm' })),
  // Whole packages: both Nodes with each kind of package manager.
  ...packages.flatMap((item) =>
    managers.map((manager): Cell => {
      const node = manager === 'pnpm' || manager === 'bun' ? '24' : '20';
      return { item, manager, node, module: 'esm' };
    }),
  ),
  ...packages.map((item): Cell => {
    return { item, manager: 'npm', node: '20', module: 'commonjs', form: 'built' };
  }),
  { item: allPackages, manager: 'npm', node: '20', module: 'esm', form: 'packed' },
  { item: allPackages, manager: 'npm', node: '24', module: 'esm', form: 'packed' },
  ...everywhere('db', { node: '24', module: 'esm', only: ['pages', 'drives'] }),
  { item: 'tasks', manager: 'yarn-classic', node: '20', module: 'esm' },
  { item: 'tasks', manager: 'pnpm', node: '24', module: 'commonjs', form: 'built' },
  { item: 'kit', manager: 'pnpm', node: '20', module: 'javascript', form: 'built' },
];

/** An item, with the domains that are taken of it. */
export const titleOf = ({ item, only }: Cell): string =>
  only ? `${item} --only ${only.join(',')}` : item;

export const nameOf = (cell: Cell): string => {
  const { manager, node, module, driver, form } = cell;
  return [titleOf(cell), manager, `node ${node}`, module, driver, form].filter(Boolean).join(', ');
};
