import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { MigratorError, messageOf, usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import type { BookkeepingNames } from '../run/tables.ts';
import type { Target } from '../run/target.ts';

/** The part of a project's Drizzle configuration that concerns migrations. */
export interface ProjectConfig {
  /** Its path, for drizzle-kit 1.0, whose command line reads it again. */
  readonly path?: string;
  readonly schema: readonly string[];
  readonly out?: string;
  readonly casing?: 'snake_case' | 'camelCase';
  readonly schemaFilter?: readonly string[];
  /** `migrations.table` and `.schema`: drizzle's bookkeeping. */
  readonly bookkeeping?: BookkeepingNames;
  /** `dbCredentials`; undefined if they are missing or empty. */
  readonly database?: Target;
}

const importModule = async (path: string): Promise<Record<string, unknown>> => {
  try {
    const loaded: unknown = path.endsWith('.json')
      ? JSON.parse(await readFile(path, 'utf8'))
      : await tsImport(pathToFileURL(path).href, import.meta.url);
    return isRecord(loaded) ? loaded : {};
  } catch (error) {
    throw new MigratorError('folder', 1, `cannot load ${path}: ${messageOf(error)}`, error);
  }
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The `dbCredentials` of drizzle-kit: a URL, or host, port, user, password, database and ssl. */
const databaseOf = (credentials: unknown): Target | undefined => {
  if (!isRecord(credentials)) return undefined;
  const url = text(credentials.url);
  if (url !== undefined) return url;
  const host = text(credentials.host);
  const database = text(credentials.database);
  if (host === undefined || database === undefined) return undefined;
  const { port, user, password, ssl } = credentials;
  return {
    options: {
      host: [host],
      port: [Number(port ?? 5432)],
      database,
      user: text(user) ?? '',
      pass: password,
      ssl: ssl === 'allow' || ssl === 'prefer' ? 'require' : ssl,
    },
  };
};

const textList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

/** A module's default export, also if an interop layer wrapped it again. */
const defaultOf = (module: Record<string, unknown>): Record<string, unknown> => {
  const first = module.default;
  if (!isRecord(first)) return module;
  return isRecord(first.default) ? first.default : first;
};

/**
 * Reads drizzle.config.ts (or .js, .json).
 *
 * @param path of the file; its relative paths are relative to the working folder, as for
 *   drizzle-kit
 */
export const readConfig = async (path: string): Promise<ProjectConfig> => {
  const config = defaultOf(await importModule(resolve(path)));
  const { out, casing, schemaFilter, migrations, dbCredentials } = config;
  const table = isRecord(migrations) ? text(migrations.table) : undefined;
  const schema = isRecord(migrations) ? text(migrations.schema) : undefined;
  const database = databaseOf(dbCredentials);
  return {
    path: resolve(path),
    schema: textList(config.schema).map((file) => resolve(file)),
    ...(typeof out === 'string' ? { out: resolve(out) } : {}),
    ...(casing === 'snake_case' || casing === 'camelCase' ? { casing } : {}),
    ...(schemaFilter === undefined ? {} : { schemaFilter: textList(schemaFilter) }),
    ...(table || schema
      ? { bookkeeping: { ...(table ? { table } : {}), ...(schema ? { schema } : {}) } }
      : {}),
    ...(database === undefined ? {} : { database }),
  };
};

const SOURCE = /\.(ts|mts|cts|js|mjs|cjs)$/;

const filesOf = async (path: string): Promise<string[]> => {
  const star = path.indexOf('*');
  if (star === -1) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw usage(`no such schema: ${path}`);
    if (!found.isDirectory()) return [path];
  }
  const root = star === -1 ? path : dirname(path.slice(0, star + 1));
  const pattern =
    star === -1
      ? /^/
      : new RegExp(
          `^${relative(root, path)
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replace(/\*\*\/?|\*/g, (part) => (part.startsWith('**') ? '(?:.*/)?' : '[^/]*'))}$`,
        );
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && SOURCE.test(entry.name) && !/\.d\.[mc]?ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => pattern.test(relative(root, file)))
    .sort();
};

/** Loads every module of a schema: files, folders or patterns. */
export const loadSchema = async (paths: readonly string[]): Promise<Record<string, unknown>> => {
  const files = (await Promise.all(paths.map((path) => filesOf(resolve(path))))).flat();
  if (files.length === 0) throw usage(`no schema files: ${paths.join(', ')}`);
  const exports: Record<string, unknown> = {};
  for (const file of files) Object.assign(exports, await importModule(file));
  return exports;
};
