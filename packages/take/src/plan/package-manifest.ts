import { posix } from 'node:path';
import type { Manifest, SourceTree } from '../source/tree.ts';
import type { Choices } from './plan.ts';

/** Scripts of a package that only another package needs, by that package's name. */
const serving: Readonly<Record<string, readonly string[]>> = {
  '@reference/audit': ['db:audit'],
};

/**
 * A package's manifest for the host: versions instead of this workspace's catalog, the host's own .env,
 * and for the built form the exports that a packed package has.
 */
export function packageManifest(
  tree: SourceTree,
  manifest: Manifest,
  choices: Choices,
  left: readonly string[],
): string {
  const sections = [
    'dependencies',
    'optionalDependencies',
    'peerDependencies',
    'devDependencies',
  ] as const;
  const changed: Manifest = structuredClone(manifest);
  for (const section of sections) {
    const ranges = changed[section];
    if (ranges) changed[section] = resolveRanges(tree, ranges, choices, left);
  }
  const dropped = new Set(left.flatMap((name) => serving[name] ?? []));
  if (changed.scripts)
    changed.scripts = Object.fromEntries(
      Object.entries(changed.scripts).filter(([name]) => !dropped.has(name)),
    );
  if (choices.form === 'built' && changed.publishConfig?.exports)
    changed.exports = changed.publishConfig.exports;
  const up = posix.join(
    posix.relative(posix.join(choices.project, choices.into, 'x'), '.'),
    '.env',
  );
  return `${JSON.stringify(changed, null, 2)}\n`.replaceAll('../../.env', up);
}

/**
 * npm and Yarn 1 lack the workspace protocol, but resolve a version to a package of the workspace.
 */
export const isPlainWorkspace = (manager: Choices['manager']): boolean =>
  manager === 'npm' || manager === 'yarn-classic';

function resolveRanges(
  tree: SourceTree,
  ranges: Readonly<Record<string, string>>,
  { manager }: Choices,
  left: readonly string[],
): Record<string, string> {
  const plain = isPlainWorkspace(manager);
  return Object.fromEntries(
    Object.entries(ranges)
      .filter(([name]) => !left.includes(name))
      .map(([name, range]) => {
        if (range === 'catalog:') return [name, tree.catalog[name] ?? '*'];
        if (!range.startsWith('workspace:') || !plain) return [name, range];
        const other = tree.packages.find((entry) => entry.manifest.name === name);
        return [name, other?.manifest.version ?? '*'];
      }),
  );
}
