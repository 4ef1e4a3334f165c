import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { MigratorError, messageOf, usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import type { BookkeepingNames } from '../run/tables.ts';
import type { Target } from '../run/target.ts';

/** A drizzle-kit snapshot: only its ids are looked at here. */
export interface Snapshot extends Record<string, unknown> {
  readonly id: string;
  readonly prevId: string;
}

/** The two functions of drizzle-kit/api that are used. */
export interface DrizzleKit {
  /** What the schema modules say, as a snapshot. */
  snapshotOf(modules: Record<string, unknown>, previousId: string): Snapshot;
  /** The statements that lead from one snapshot to another. May ask about renames on a terminal. */
  difference(from: Snapshot, to: Snapshot): Promise<string[]>;
}

export const isSnapshot = (value: unknown): value is Snapshot =>
  isRecord(value) && typeof value.id === 'string' && typeof value.prevId === 'string';

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown =>
  typeof value === 'function';

/** The Drizzle configuration of a project, as far as it concerns migrations. */
export interface ProjectConfig {
  readonly schema: readonly string[];
  readonly out?: string;
  readonly casing?: 'snake_case' | 'camelCase';
  readonly schemaFilter?: readonly string[];
  /** `migrations.table` and `.schema`: where drizzle keeps its bookkeeping. */
  readonly bookkeeping?: BookkeepingNames;
  /** `dbCredentials`; undefined when none are given, or when they are empty. */
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

/** What drizzle-kit calls `dbCredentials`: a URL, or host, port, user, password, database and ssl. */
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

/** A module's default export, also where an interop layer wrapped it once more. */
const defaultOf = (module: Record<string, unknown>): Record<string, unknown> => {
  const first = module.default;
  if (!isRecord(first)) return module;
  return isRecord(first.default) ? first.default : first;
};

/**
 * Reads drizzle.config.ts (or .js, .json).
 *
 * @param path of the file; its relative paths count from the working folder, as drizzle-kit has it
 */
export const readConfig = async (path: string): Promise<ProjectConfig> => {
  const config = defaultOf(await importModule(resolve(path)));
  const { out, casing, schemaFilter, migrations, dbCredentials } = config;
  const table = isRecord(migrations) ? text(migrations.table) : undefined;
  const schema = isRecord(migrations) ? text(migrations.schema) : undefined;
  const database = databaseOf(dbCredentials);
  return {
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

/** drizzle-kit as the project has it installed, so that it and the schema share one drizzle-orm. */
export const loadDrizzleKit = async (
  near: string,
  config: Pick<ProjectConfig, 'casing' | 'schemaFilter'>,
): Promise<DrizzleKit> => {
  const candidates = [join(resolve(near), 'package.json'), import.meta.url];
  let api: unknown;
  for (const from of candidates) {
    try {
      api = await import(pathToFileURL(createRequire(from).resolve('drizzle-kit/api')).href);
      break;
    } catch {
      // Not installed there; the next place may have it.
    }
  }
  const loaded = isRecord(api) && isRecord(api.default) ? api.default : api;
  const generateJson = isRecord(loaded) ? loaded.generateDrizzleJson : undefined;
  const generateSql = isRecord(loaded) ? loaded.generateMigration : undefined;
  if (!isFunction(generateJson) || !isFunction(generateSql))
    throw usage('drizzle-kit 0.31 or later is needed here: npm install --save-dev drizzle-kit');
  return {
    snapshotOf: (modules, previousId) => {
      const snapshot = generateJson(modules, previousId, config.schemaFilter, config.casing);
      if (!isSnapshot(snapshot)) throw usage('drizzle-kit gave no snapshot: is its version known?');
      return snapshot;
    },
    difference: async (from, to) => {
      const statements: unknown = await generateSql(from, to);
      return Array.isArray(statements) ? statements.map(String) : [];
    },
  };
};
