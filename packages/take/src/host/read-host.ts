import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'jsonc-parser';
import { TakeError } from '../errors.ts';
import type { ImportEnding } from '../source/rewrite.ts';

export const managers = ['npm', 'pnpm', 'yarn', 'yarn-classic', 'bun'] as const;
export type Manager = (typeof managers)[number];
export type Driver = 'postgres' | 'pg';

/** The project that takes items. Folders are absolute. */
export interface Host {
  /** Where the lockfile and the workspace's settings are. */
  readonly root: string;
  /** The folder of the package.json nearest to `into`, whose code will import the items. */
  readonly project: string;
  readonly into: string;
  readonly manager: Manager | undefined;
  readonly ending: ImportEnding;
  readonly driver: Driver;
}

const lockfiles: readonly (readonly [string, Manager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['yarn.lock', 'yarn'],
];

/**
 * Detects a project's package manager by lockfile, its import style by tsconfig.json and its driver
 * by package.json.
 * @param into the folder that takes the items; it need not exist yet
 * @throws TakeError when there is no package.json above it
 */
export function readHost(into: string): Host {
  const folder = resolve(into);
  const project = above(folder, (path) => existsSync(join(path, 'package.json')));
  if (!project)
    throw new TakeError(
      `No package.json above ${folder}. Run npm init there first, or name another --into.`,
    );
  const root = above(project, isRoot) ?? project;
  return {
    root,
    project,
    into: folder,
    manager: managerOf(root),
    ending: endingOf(project),
    driver: driverOf(project),
  };
}

function above(start: string, accept: (path: string) => boolean): string | undefined {
  for (let path = start; ; path = dirname(path)) {
    if (accept(path)) return path;
    if (dirname(path) === path) return undefined;
  }
}

function isRoot(path: string): boolean {
  if (existsSync(join(path, 'pnpm-workspace.yaml'))) return true;
  if (lockfiles.some(([name]) => existsSync(join(path, name)))) return true;
  const manifest = Object(readJson(join(path, 'package.json')));
  return manifest.workspaces !== undefined || manifest.packageManager !== undefined;
}

function managerOf(root: string): Manager | undefined {
  const named: unknown = Reflect.get(
    Object(readJson(join(root, 'package.json'))),
    'packageManager',
  );
  const [, name, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(String(named)) ?? [];
  if (name === 'yarn') return Number(major) >= 2 ? 'yarn' : 'yarn-classic';
  if (name === 'npm' || name === 'pnpm' || name === 'bun') return name;
  if (existsSync(join(root, 'pnpm-workspace.yaml'))) return 'pnpm';
  const [file, manager] = lockfiles.find(([path]) => existsSync(join(root, path))) ?? [];
  if (file !== 'yarn.lock') return manager;
  const isClassic = readFileSync(join(root, file), 'utf8').includes('# yarn lockfile v1');
  return isClassic && !existsSync(join(root, '.yarnrc.yml')) ? 'yarn-classic' : 'yarn';
}

/** True if Yarn installs without node_modules, which is its default. */
export const isPlugAndPlay = ({ root, manager }: Pick<Host, 'root' | 'manager'>): boolean =>
  manager === 'yarn' &&
  !/^nodeLinker:\s*["']?(node-modules|pnpm)\b/m.test(
    existsSync(join(root, '.yarnrc.yml')) ? readFileSync(join(root, '.yarnrc.yml'), 'utf8') : '',
  );

function endingOf(project: string): ImportEnding {
  const options = compilerOptions(join(project, 'tsconfig.json'));
  // Without a tsconfig.json, Node itself runs the files, and needs real file names.
  if (!options || options.allowImportingTsExtensions === true) return 'ts';
  const resolution = String(options.moduleResolution ?? '').toLowerCase();
  const module = String(options.module ?? '').toLowerCase();
  const isNode = /^(node16|node18|node20|nodenext)$/;
  if (isNode.test(resolution) || (resolution === '' && isNode.test(module))) return 'js';
  return 'none';
}

/** A tsconfig.json's options with those that it extends, except a configuration from npm. */
export function compilerOptions(path: string): Record<string, unknown> | undefined {
  const config = readJson(path);
  if (config === undefined) return undefined;
  const { extends: parent, compilerOptions: own } = Object(config);
  const inherited =
    typeof parent === 'string' && parent.startsWith('.')
      ? compilerOptions(resolve(dirname(path), /\.json$/.test(parent) ? parent : `${parent}.json`))
      : {};
  return { ...inherited, ...Object(own) };
}

function driverOf(project: string): Driver {
  const { dependencies, devDependencies } = Object(readJson(join(project, 'package.json')));
  const names = { ...dependencies, ...devDependencies };
  return 'pg' in names && !('postgres' in names) ? 'pg' : 'postgres';
}

export function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  return parse(readFileSync(path, 'utf8'), [], { allowTrailingComma: true });
}
