import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import pc from 'picocolors';
import { MigratorError, messageOf, usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import type { BookkeepingNames } from '../run/tables.ts';
import type { Target } from '../run/target.ts';
import type { ProjectConfig } from '../settings.ts';
import { withoutPasswords } from './output.ts';

/** The options that choose the project and the database. */
export interface ProjectOptions {
  /** Directories, separated by commas. */
  readonly project?: string;
  readonly folder?: string;
  /** A path; false for none. */
  readonly config?: string | boolean;
  readonly url?: string;
  readonly urlEnv?: string;
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
}

/** A project with all its settings known, whose directory is the working directory. */
export interface Project {
  readonly name: string;
  /** The folder where the command was started; printed paths are relative to it. */
  readonly root: string;
  readonly folder: string;
  readonly bookkeeping: BookkeepingNames;
  readonly config?: ProjectConfig;
  readonly configPath?: string;
  /** The committed schema.sql. */
  readonly dump?: string;
  /** The file of the recorded statements of the project's queries, which may be missing. */
  readonly statements: string;
  readonly without: readonly string[];
  /** The database, or undefined when none is named. */
  readonly database?: Target;
  /** The database. Throws a usage error that says how to name one. */
  requireDatabase(): Target;
}

/** The "migrator" section of a package.json; paths are relative to it. */
interface PackageSettings {
  readonly config?: string;
  readonly urlEnv?: string;
  readonly dump?: string;
  readonly envFile?: string;
  readonly statements?: string;
  readonly without?: readonly string[];
}

const DEFAULT_CONFIGS = ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.json'];
const DEFAULT_VARIABLE = 'DATABASE_URL';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const packageSettings = async (): Promise<{ name?: string; settings: PackageSettings }> => {
  const text = await readFile('package.json', 'utf8').catch(() => undefined);
  if (text === undefined) return { settings: {} };
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw usage(`${resolve('package.json')} is not JSON: ${messageOf(error)}`);
  }
  const own = isRecord(manifest) && isRecord(manifest.migrator) ? manifest.migrator : {};
  const name = isRecord(manifest) ? textOf(manifest.name) : undefined;
  const fields = ['config', 'urlEnv', 'dump', 'envFile', 'statements'] as const;
  const settings = Object.fromEntries(
    fields.flatMap((field) => {
      const value = textOf(own[field]);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const without = Array.isArray(own.without) ? { without: own.without.map(String) } : {};
  return { ...(name === undefined ? {} : { name }), settings: { ...settings, ...without } };
};

/** The database that a flag, a variable or the configuration names; two that differ are refused. */
const databaseFor = (
  options: ProjectOptions,
  settings: PackageSettings,
  config: ProjectConfig | undefined,
): { database?: Target; variable: string } => {
  const named = options.urlEnv ?? settings.urlEnv;
  const variable = named ?? DEFAULT_VARIABLE;
  if (options.url !== undefined) return { database: options.url, variable };
  const value = process.env[variable] || undefined;
  if (named !== undefined) return { ...(value ? { database: value } : {}), variable };
  const configured = config?.database;
  if (value !== undefined && configured !== undefined && configured !== value)
    throw usage(
      `${DEFAULT_VARIABLE} and dbCredentials of the Drizzle configuration name two databases. Say which is meant: --url-env ${DEFAULT_VARIABLE}, or unset it.`,
    );
  const database = configured ?? value;
  return { ...(database === undefined ? {} : { database }), variable };
};

const loadEnv = (path: string): void => {
  if (existsSync(path)) loadEnvFile(path);
};

/**
 * Reads the project in the working directory from flags, package.json and the Drizzle
 * configuration.
 */
const readProject = async (options: ProjectOptions, root: string): Promise<Project> => {
  const { name = relative('..', '.') || '.', settings } = await packageSettings();
  // drizzle-kit reads .env as well; variables that are set already win.
  loadEnv('.env');
  if (settings.envFile !== undefined) loadEnv(settings.envFile);
  const found = DEFAULT_CONFIGS.find((path) => existsSync(path));
  const asked = typeof options.config === 'string' ? options.config : settings.config;
  const configPath = options.config === false ? undefined : (asked ?? found);
  let config: ProjectConfig | undefined;
  if (configPath !== undefined) {
    // Loaded only for a project with a configuration, because the TypeScript loader takes time.
    const { readConfig } = await import('../settings.ts');
    config = await readConfig(configPath).catch((error: unknown) => {
      throw new MigratorError(
        'folder',
        3,
        `${messageOf(error)}\nThe configuration says where the migrations and their bookkeeping are. To go without it: --no-config, with --folder (and --migrations-table, --migrations-schema if they are not drizzle's own).`,
        error,
      );
    });
  }
  const { database, variable } = databaseFor(options, settings, config);
  const table = options.migrationsTable ?? config?.bookkeeping?.table;
  const schema = options.migrationsSchema ?? config?.bookkeeping?.schema;
  return {
    name,
    root,
    folder: options.folder ?? config?.out ?? 'drizzle',
    bookkeeping: { ...(table ? { table } : {}), ...(schema ? { schema } : {}) },
    ...(config ? { config } : {}),
    ...(configPath === undefined ? {} : { configPath }),
    ...(settings.dump === undefined ? {} : { dump: settings.dump }),
    statements: settings.statements ?? 'statements.jsonl',
    without: settings.without ?? [],
    ...(database === undefined ? {} : { database }),
    requireDatabase: () => {
      if (database !== undefined) return database;
      throw usage(
        `no database: set ${variable}${config ? ', or dbCredentials in the Drizzle configuration' : ''}, or pass --url or --url-env NAME`,
      );
    },
  };
};

/** Works in a directory with its environment, and restores both. */
const inDirectory = async <T>(
  directory: string,
  options: ProjectOptions,
  work: (project: Project) => Promise<T>,
): Promise<T> => {
  const before = process.cwd();
  const environment = { ...process.env };
  try {
    process.chdir(directory);
  } catch {
    throw usage(`--project ${directory}: there is no such directory`);
  }
  try {
    return await work(await readProject(options, before));
  } finally {
    process.chdir(before);
    for (const name of Object.keys(process.env))
      if (!(name in environment)) delete process.env[name];
  }
};

export const directoriesOf = ({ project }: ProjectOptions): string[] =>
  project === undefined ? ['.'] : project.split(',').filter(Boolean);

export interface Work {
  /** Throws if a run would be refused; changes nothing. */
  readonly check?: (project: Project) => Promise<void>;
  readonly run: (project: Project) => Promise<void>;
  /** Print no heading for each of several projects, because the output is one document. */
  readonly quiet?: boolean;
}

const codeOf = (error: unknown): number => (error instanceof MigratorError ? error.exitCode : 1);

const report = (name: string, error: unknown): void => {
  process.stderr.write(`${pc.red('✗')} ${pc.bold(name)}: ${withoutPasswords(messageOf(error))}\n`);
};

/**
 * Does a command's work in the working directory, or in every named project. It checks all projects
 * before it changes the first.
 */
export const forProjects = async (options: ProjectOptions, work: Work): Promise<void> => {
  const directories = directoriesOf(options);
  const [only] = directories;
  if (directories.length === 1 && only !== undefined)
    return inDirectory(only, options, async (project) => {
      await work.run(project);
    });
  for (const flag of ['folder', 'url'] as const)
    if (options[flag] !== undefined)
      throw usage(`--${flag} belongs to one project: name one with --project`);

  let worst = 0;
  const refusals: string[] = [];
  if (work.check)
    for (const directory of directories)
      try {
        await inDirectory(directory, options, work.check);
      } catch (error) {
        report(directory, error);
        refusals.push(directory);
        worst = Math.max(worst, codeOf(error));
      }
  if (refusals.length > 0) {
    process.stderr.write(
      `Nothing was changed in any of the ${directories.length} projects. --project ${directories.find((one) => !refusals.includes(one)) ?? 'DIRECTORY'} does one alone.\n`,
    );
    process.exitCode = worst;
    return;
  }
  for (const [index, directory] of directories.entries()) {
    process.exitCode = 0;
    if (!work.quiet) process.stdout.write(`${pc.bold(directory)}\n`);
    try {
      await inDirectory(directory, options, work.run);
      worst = Math.max(worst, Number(process.exitCode ?? 0));
    } catch (error) {
      report(directory, error);
      worst = Math.max(worst, codeOf(error));
      const left = directories.slice(index + 1);
      if (work.check && left.length > 0) {
        process.stderr.write(`Not done: ${left.join(', ')}.\n`);
        break;
      }
    }
  }
  process.exitCode = worst;
};
