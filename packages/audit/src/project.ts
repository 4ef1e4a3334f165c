import { basename, dirname, join, relative, resolve } from 'node:path';
import type { AuditConfig } from './config.ts';
import { AuditError, messageOf, usage } from './errors.ts';
import { exists, findDrizzleConfig, readDrizzleConfig } from './load/drizzle-config.ts';
import { defaultOf, moduleLoader } from './load/modules.ts';
import type { Casing } from './model/casing.ts';

export interface ProjectOptions {
  /** The project's audit.config; default: found in the working folder by its name. */
  readonly config?: string | undefined;
  readonly drizzle?: string | undefined;
  readonly schema?: readonly string[] | undefined;
  readonly queries?: readonly string[] | undefined;
  readonly casing?: Casing | undefined;
}

/** The project to audit, with every path absolute. */
export interface Project {
  readonly folder: string;
  readonly name: string;
  readonly config: AuditConfig;
  readonly schema: readonly string[];
  /** Undefined if the project does not name them; then its folder is searched. */
  readonly queries: readonly string[] | undefined;
  readonly casing: Casing | undefined;
  readonly notes: readonly string[];
}

const CONFIGS = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((end) => `audit.config.${end}`);

const findAuditConfig = async (): Promise<string | undefined> => {
  for (const name of CONFIGS) if (await exists(resolve(name))) return resolve(name);
  return undefined;
};

const readAuditConfig = async (path: string): Promise<AuditConfig> => {
  if (!(await exists(path))) throw usage(`no such configuration: ${path}`);
  try {
    return defaultOf(await moduleLoader().import(path));
  } catch (error) {
    throw new AuditError('config', 1, `cannot load ${path}: ${messageOf(error)}`, error);
  }
};

const listOf = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof value === 'string' ? [value] : value;

/**
 * Finds the project to audit: from the command, else from audit.config, else from the
 * drizzle.config of the working folder.
 */
export const openProject = async (options: ProjectOptions): Promise<Project> => {
  const path = options.config === undefined ? await findAuditConfig() : resolve(options.config);
  const config = path === undefined ? {} : await readAuditConfig(path);
  const folder = path === undefined ? process.cwd() : dirname(path);
  const name = basename(folder);
  const fromConfig = (paths: string | readonly string[] | undefined) =>
    listOf(paths)?.map((file) => resolve(folder, file));
  const named = options.schema?.map((file) => resolve(file)) ?? fromConfig(config.schema);
  const queries = options.queries?.map((file) => resolve(file)) ?? fromConfig(config.queries);
  const casing = options.casing ?? config.casing;
  if (named && named.length > 0 && options.drizzle === undefined)
    return { folder, name, config, schema: named, queries: queries ?? [], casing, notes: [] };
  const drizzlePath =
    options.drizzle !== undefined
      ? resolve(options.drizzle)
      : config.drizzle !== undefined
        ? join(folder, config.drizzle)
        : await findDrizzleConfig(folder);
  if (drizzlePath === undefined)
    return { folder, name, config, schema: [], queries: queries ?? [], casing, notes: [] };
  const drizzle = await readDrizzleConfig(drizzlePath);
  return {
    folder: path === undefined ? dirname(drizzlePath) : folder,
    name,
    config,
    schema: named && named.length > 0 ? named : drizzle.schema,
    queries,
    casing: casing ?? drizzle.casing,
    notes:
      drizzle.readAsText === undefined
        ? []
        : [
            `${relative(process.cwd(), drizzlePath)} could not be run (${drizzle.readAsText}); its literals were read`,
          ],
  };
};
