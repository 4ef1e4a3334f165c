import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Fields, isObject } from '../model/entity.ts';

const readJson = (path: string): Fields => {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(read) ? read : {};
  } catch {
    return {};
  }
};

/** The folder of the workspace that a folder is in, if it is in one. */
const rootOf = (folder: string): string | undefined => {
  for (let above = folder; above !== dirname(above); above = dirname(above))
    if (
      existsSync(join(above, 'pnpm-workspace.yaml')) ||
      readJson(join(above, 'package.json')).workspaces !== undefined
    )
      return above;
  return undefined;
};

/** The greatest depth of packages: `packages/name`, `apps/group/name`. */
const DEPTH = 3;

const packagesBelow = (root: string): Map<string, string> => {
  const found = new Map<string, string>();
  const visit = (folder: string, depth: number): void => {
    const { name } = readJson(join(folder, 'package.json'));
    if (typeof name === 'string' && !found.has(name)) found.set(name, folder);
    if (depth === DEPTH) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && !/^(\.|node_modules$|dist$|build$|src$)/.test(entry.name))
        visit(join(folder, entry.name), depth + 1);
  };
  visit(root, 0);
  return found;
};

const known = new Map<string, ReadonlyMap<string, string>>();

const packagesOf = (root: string): ReadonlyMap<string, string> => {
  const found = known.get(root) ?? packagesBelow(root);
  known.set(root, found);
  return found;
};

/** Every path among the conditions of an entry of `exports`. */
const pathsIn = (entry: unknown): string[] =>
  typeof entry === 'string'
    ? [entry]
    : isObject(entry)
      ? Object.values(entry).flatMap(pathsIn)
      : [];

const exported = (manifest: Fields, wanted: string): string[] => {
  const { exports } = manifest;
  if (typeof exports === 'string') return wanted === '.' ? [exports] : [];
  if (!isObject(exports)) return [];
  if (exports[wanted] !== undefined) return pathsIn(exports[wanted]);
  for (const [pattern, entry] of Object.entries(exports)) {
    const [before = '', after] = pattern.split('*');
    if (after === undefined || !wanted.startsWith(before) || !wanted.endsWith(after)) continue;
    const star = wanted.slice(before.length, wanted.length - after.length);
    return pathsIn(entry).map((path) => path.replace('*', star));
  }
  return wanted === '.' ? pathsIn(exports) : [];
};

/**
 * The possible files of a specifier in a package of the same workspace, because a checkout without
 * an installation has no links to it. It has no build output either, so these are source files.
 *
 * @returns paths to try, the best first; they may lack an ending
 */
export const workspacePlaces = (specifier: string, folder: string): string[] => {
  const name = /^(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(specifier)?.[1];
  const root = rootOf(folder);
  const home = name === undefined || root === undefined ? undefined : packagesOf(root).get(name);
  if (home === undefined || name === undefined) return [];
  const manifest = readJson(join(home, 'package.json'));
  const below = specifier.slice(name.length + 1);
  const given = [
    ...exported(manifest, below === '' ? '.' : `./${below}`),
    ...(below === '' ? [manifest.source, manifest.module, manifest.main, manifest.types] : []),
  ].filter((path) => typeof path === 'string');
  const built = given.map((path) =>
    path.replace(/^(\.\/)?(dist|build|lib)\//, '$1src/').replace(/(\.d)?\.[mc]?[jt]s$/, ''),
  );
  const usual = below === '' ? ['src/index', 'index'] : [below, `src/${below}`];
  return [...given.filter((path) => !path.endsWith('.d.ts')), ...built, ...usual].map((path) =>
    join(home, path),
  );
};
