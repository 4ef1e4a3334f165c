import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPathsMatcher, getTsconfig } from 'get-tsconfig';
import { workspacePlaces } from './workspace-packages.ts';

const ENDS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The file of a path without its ending, also of a `.js` path for a `.ts` file. */
export const fileAt = (path: string): string | undefined => {
  for (const base of [path, path.replace(/\.([mc]?)jsx?$/, '.$1ts')])
    for (const end of ENDS) if (isFile(base + end)) return base + end;
  return undefined;
};

type Matcher = (specifier: string) => readonly string[];
const none: Matcher = () => [];
const matchers = new Map<string, Matcher>();

/** Resolves a specifier by the paths of the nearest tsconfig; an unreadable tsconfig resolves nothing. */
const matcherOf = (folder: string): Matcher => {
  const known = matchers.get(folder);
  if (known) return known;
  let matcher: Matcher = none;
  try {
    const found = getTsconfig(folder);
    matcher = (found && createPathsMatcher(found)) ?? none;
  } catch {
    // A tsconfig that extends a missing package has no known paths.
  }
  matchers.set(folder, matcher);
  return matcher;
};

/** The usual places of `@/db/columns` without a tsconfig: below a parent folder, or its `src`. */
const usualPlaces = (folder: string, specifier: string): string[] => {
  const path = /^[@~#]\/(.+)$/.exec(specifier)?.[1];
  if (path === undefined) return [];
  const found: string[] = [];
  for (let above = folder; above !== dirname(above); above = dirname(above))
    found.push(join(above, path), join(above, 'src', path));
  return found.slice(0, 12);
};

/**
 * The file of a path alias in a file: by the nearest tsconfig's `paths`, as a package of the same
 * workspace, else by convention.
 */
export const aliasedFile = (specifier: string, from: string): string | undefined => {
  if (/^[./]|^node:/.test(specifier)) return undefined;
  const folder = dirname(from);
  const places = [
    ...matcherOf(folder)(specifier),
    ...workspacePlaces(specifier, folder),
    ...usualPlaces(folder, specifier),
  ];
  for (const candidate of places) {
    const file = fileAt(candidate);
    if (file !== undefined) return file;
  }
  return undefined;
};
