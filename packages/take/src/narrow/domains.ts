import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import { items, type WholePackage } from '../items.ts';
import type { SourceTree } from '../source/tree.ts';

/**
 * Packages that can be divided into domains, with tests that need no other domain. In `tasks`, the
 * tests of one domain of queries need nine of twelve tables; `tenancy` is six tables, each beside
 * the others.
 */
const divisible = ['db'];

/** The requested domains of a package, each by the name of its queries. */
export type Only = Readonly<Record<string, readonly string[]>>;

/**
 * The package of `--only`, with the domains.
 * @throws TakeError unless exactly one package is requested, and it can be divided
 */
export function onlyFor(names: readonly string[], domains: readonly string[]): Only {
  const packages = items.filter(
    (item): item is WholePackage => item.kind === 'package' && names.includes(item.name),
  );
  const [one] = packages.map(({ name }) => name);
  if (one !== undefined && packages.length === 1 && divisible.includes(one))
    return { [one]: domains };
  const pieces = items.filter(({ kind }) => kind === 'piece').map(({ name }) => name);
  throw new TakeError(
    `--only takes domains of ${divisible.join(' or ')}. Every other package comes whole. Smaller parts are pieces: ${pieces.join(', ')}.`,
    3,
  );
}

/** The query modules of each domain of a package: a folder, or one module. */
function domainsOf(tree: SourceTree, folder: string): Map<string, string[]> {
  const queries = `${folder}/src/queries`;
  const domains = new Map<string, string[]>();
  const add = (name: string, file: string) =>
    domains.set(name, [...(domains.get(name) ?? []), file]);
  for (const file of tree.filesBelow(queries)) {
    if (!file.endsWith('.ts') || file.endsWith('.plans.ts')) continue;
    const parent = posix.relative(queries, posix.dirname(file));
    const name = posix.basename(file, '.ts');
    if (parent !== '') {
      add(parent, file);
      add(`${parent}/${name}`, file);
    }
    // Beside a folder is a barrel of its name.
    if (!tree.has(`${queries}/${name}.ts`) || parent === '') add(name, file);
  }
  return domains;
}

/** @throws TakeError for a domain that the package does not have */
export function modulesOf(
  tree: SourceTree,
  folder: string,
  names: readonly string[],
): readonly string[] {
  const domains = domainsOf(tree, folder);
  return names.flatMap((name) => {
    const files = domains.get(name);
    if (files) return files;
    const known = [...domains.keys()].filter((one) => !one.includes('/')).sort();
    throw new TakeError(
      `${posix.basename(folder)} has no domain ${name}. It has: ${known.join(', ')}.`,
      3,
    );
  });
}
