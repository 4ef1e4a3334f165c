import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AuditError, messageOf, usage } from '../errors.ts';
import type { Casing } from '../model/casing.ts';
import { defaultOf, moduleLoader } from './modules.ts';

/** The settings of a drizzle.config that an audit uses. */
export interface DrizzleConfig {
  readonly path: string;
  readonly schema: readonly string[];
  readonly casing?: Casing | undefined;
  readonly out?: string | undefined;
  /** Set if the file could not run and was read as text. */
  readonly readAsText?: string | undefined;
}

const NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (end) => `drizzle.config.${end}`,
);

export const exists = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

/** drizzle.config of a folder, if it has one. */
export const findDrizzleConfig = async (folder: string): Promise<string | undefined> => {
  for (const name of NAMES) {
    const path = join(folder, name);
    if (await exists(path)) return path;
  }
  return undefined;
};

const textList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

const isCasing = (value: unknown): value is Casing =>
  value === 'snake_case' || value === 'camelCase';

/** The literals of a configuration that cannot run because its environment is missing. */
const literalsOf = (text: string): Record<string, unknown> => {
  const list = /\bschema\s*:\s*\[([^\]]*)\]/.exec(text)?.[1];
  const single = /\bschema\s*:\s*(['"`])([^'"`]+)\1/.exec(text)?.[2];
  const schema = list ? [...list.matchAll(/['"`]([^'"`]+)['"`]/g)].map(([, path]) => path) : single;
  return {
    schema,
    casing: /\bcasing\s*:\s*(['"])([^'"]+)\1/.exec(text)?.[2],
    out: /\bout\s*:\s*(['"])([^'"]+)\1/.exec(text)?.[2],
    dialect: /\bdialect\s*:\s*(['"])([^'"]+)\1/.exec(text)?.[2],
  };
};

const load = async (
  path: string,
): Promise<{ config: Record<string, unknown>; failed?: string }> => {
  if (path.endsWith('.json')) return { config: JSON.parse(await readFile(path, 'utf8')) };
  try {
    const config = defaultOf(await moduleLoader().import(path));
    if (textList(config.schema).length > 0) return { config };
    // `defineConfig` of a missing drizzle-kit gives a meaningless object.
    const literals = literalsOf(await readFile(path, 'utf8'));
    return literals.schema === undefined
      ? { config }
      : { config: literals, failed: 'what it imports is not installed' };
  } catch (error) {
    const config = literalsOf(await readFile(path, 'utf8'));
    if (config.schema === undefined)
      throw new AuditError('config', 1, `cannot load ${path}: ${messageOf(error)}`, error);
    return { config, failed: messageOf(error) };
  }
};

/**
 * Reads a drizzle.config.
 *
 * @param path of the file; its relative paths are relative to its folder
 */
export const readDrizzleConfig = async (path: string): Promise<DrizzleConfig> => {
  if (!(await exists(path))) throw usage(`no such configuration: ${path}`);
  const { config, failed } = await load(resolve(path));
  const { dialect } = config;
  if (typeof dialect === 'string' && dialect !== 'postgresql')
    throw usage(`${path} is for ${dialect}; the audit supports only PostgreSQL`);
  const folder = dirname(resolve(path));
  const at = (file: string) => resolve(folder, file);
  const out = typeof config.out === 'string' ? at(config.out) : undefined;
  let schema = textList(config.schema).map(at);
  // drizzle-kit runs in the caller's folder, so a config in a subfolder has paths relative to that.
  if (schema.length > 0 && folder !== process.cwd()) {
    const [first = ''] = schema;
    if (!/[*?{]/.test(first) && !(await exists(first)))
      schema = textList(config.schema).map((file) => resolve(file));
  }
  if (schema.length === 0 && out !== undefined && (await exists(join(out, 'schema.ts'))))
    schema = [join(out, 'schema.ts')];
  return {
    path: resolve(path),
    schema,
    out,
    ...(isCasing(config.casing) ? { casing: config.casing } : {}),
    ...(failed === undefined ? {} : { readAsText: failed }),
  };
};
