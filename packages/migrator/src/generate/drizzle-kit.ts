import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import { foldersKit } from './folders-kit.ts';
import { journalKit } from './journal-kit.ts';
import type { DrizzleKit } from './kit-contract.ts';
import type { ProjectConfig } from './schema.ts';

interface Installed {
  readonly version: string;
  readonly directory: string;
  readonly require: NodeJS.Require;
}

const manifestOf = async (path: string): Promise<Record<string, unknown>> => {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
  return isRecord(parsed) ? parsed : {};
};

/** The drizzle-kit that a module at this place imports. */
const installedAt = async (from: string): Promise<Installed | undefined> => {
  const require = createRequire(from);
  let directory: string;
  try {
    directory = dirname(require.resolve('drizzle-kit'));
  } catch {
    return undefined;
  }
  // Its exports do not name its package.json.
  while (directory !== dirname(directory)) {
    const { name, version } = await manifestOf(join(directory, 'package.json'));
    if (name === 'drizzle-kit' && typeof version === 'string')
      return { version, directory, require };
    directory = dirname(directory);
  }
  return undefined;
};

type Call = (...args: unknown[]) => unknown;

const isFunction = (value: unknown): value is Call => typeof value === 'function';

/** The functions of a module of drizzle-kit by their names; undefined when one of them is missing. */
const functionsOf = async <const Names extends readonly string[]>(
  { require }: Installed,
  module: string,
  names: Names,
): Promise<Record<Names[number], Call> | undefined> => {
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(require.resolve(`drizzle-kit/${module}`)).href);
  } catch {
    return undefined;
  }
  const exported = isRecord(loaded) && isRecord(loaded.default) ? loaded.default : loaded;
  const found: Record<string, Call> = {};
  for (const name of names) {
    const value = isRecord(exported) ? exported[name] : undefined;
    if (!isFunction(value)) return undefined;
    found[name] = value;
  }
  return found as Record<Names[number], Call>;
};

/**
 * The project's own drizzle-kit, so that it and the schema share one drizzle-orm.
 *
 * @param near directories to look from, the first one first
 * @throws MigratorError `usage` when none is installed, or an unknown version
 */
export const loadDrizzleKit = async (
  near: readonly string[],
  config: ProjectConfig,
): Promise<DrizzleKit> => {
  const places = [...near.map((path) => join(resolve(path), 'package.json')), import.meta.url];
  for (const place of places) {
    const installed = await installedAt(place);
    if (!installed) continue;
    const { version, directory } = installed;
    if (version.startsWith('0.')) {
      const api = await functionsOf(installed, 'api', ['generateDrizzleJson', 'generateMigration']);
      if (api) return journalKit(api, version, config);
    } else {
      const api = await functionsOf(installed, 'api-postgres', [
        'generateDrizzleJson',
        'generateMigration',
        'reconstruct',
        'up',
      ]);
      if (api) return foldersKit(api, join(directory, 'bin.cjs'), version, config);
    }
    throw usage(
      `drizzle-kit ${version} is installed; supported are 0.31 and later of 0.x, and 1.0.0-rc.5 and later`,
    );
  }
  throw usage('drizzle-kit is needed here: npm install --save-dev drizzle-kit');
};

/** The directories in which to look for a project's drizzle-kit. */
export const placesOf = ({ path }: ProjectConfig): readonly string[] =>
  path === undefined ? ['.'] : [dirname(path), '.'];
