import { TakeError } from '../errors.ts';
import { type Item, items, type Piece, type WholePackage } from '../items.ts';
import { narrowPackage } from '../narrow/narrow-package.ts';
import type { SourceTree } from '../source/tree.ts';
import { refuseSamePlace } from './places.ts';
import type { Choices, Plan } from './plan.ts';
import { planPackages } from './plan-packages.ts';
import { planPieces } from './plan-pieces.ts';

/** @throws TakeError for an unknown name */
export function findItems(names: readonly string[]): Item[] {
  return names.map((name) => {
    const item = items.find((one) => one.name === name);
    if (item) return item;
    const known = items.map((one) => one.name).join(', ');
    throw new TakeError(`There is no item ${name}. There are: ${known}.`, 3);
  });
}

/** The plan for taking some items together. Shared files are there once. */
export function planItems(tree: SourceTree, chosen: readonly Item[], choices: Choices): Plan {
  const pieces = chosen.filter((item): item is Piece => item.kind === 'piece');
  const packages = chosen.filter((item): item is WholePackage => item.kind === 'package');
  const parts = [
    ...(pieces.length > 0 ? [planPieces(tree, pieces, choices)] : []),
    ...(packages.length > 0
      ? [planPackages(narrowed(tree, packages, choices), packages, choices)]
      : []),
  ];
  const files = parts.flatMap((part) => part.files);
  refuseSamePlace(files);
  return {
    files,
    needed: parts.flatMap((part) => part.needed),
    workspaces: parts.flatMap((part) => part.workspaces),
    tables: parts.flatMap((part) => part.tables),
    around: parts.flatMap((part) => part.around),
    partitioned: parts.flatMap((part) => part.partitioned),
    environment: [...new Set(parts.flatMap((part) => part.environment))].sort(),
    allowBuilds: Object.assign({}, ...parts.map((part) => part.allowBuilds)),
    patch: parts.find((part) => part.patch)?.patch,
  };
}

const narrowed = (
  tree: SourceTree,
  packages: readonly WholePackage[],
  { only = {} }: Choices,
): SourceTree =>
  packages.reduce((rest, { name, folder }) => {
    const domains = only[name];
    return domains ? narrowPackage(rest, folder, domains) : rest;
  }, tree);
