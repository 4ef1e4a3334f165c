import type { Command } from 'commander';
import { usage } from '../errors.ts';

export interface FolderOptions {
  readonly folder: string;
}

export interface DatabaseUrlOptions {
  readonly url?: string;
  readonly urlEnv: string;
}

export interface ConnectionOptions extends FolderOptions, DatabaseUrlOptions {}

export interface LimitOptions {
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
  readonly retries?: number;
  readonly wait?: number;
}

/** A whole number of milliseconds or a count. */
export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw usage(`${text} is not a whole number`);
  return value;
};

export const withFolder = (command: Command): Command =>
  command.option('--folder <path>', "drizzle-kit's migrations folder", 'drizzle');

export const withConnection = (command: Command): Command => withDatabaseUrl(withFolder(command));

export const withDatabaseUrl = (command: Command): Command =>
  command
    .option('--url <url>', 'the database; better kept in the environment than on a command line')
    .option('--url-env <name>', 'the environment variable that holds the URL', 'DATABASE_URL');

export const withLimits = (command: Command): Command =>
  command
    .option('--lock-timeout <ms>', 'longest wait for locks in a file (default 5000)', wholeNumber)
    .option('--statement-timeout <ms>', 'longest statement (default 1800000)', wholeNumber)
    .option('--retries <n>', 'tries after a lock timeout (default 10)', wholeNumber)
    .option('--wait <ms>', 'longest wait for another runner (default 300000)', wholeNumber);

/** The URL of the command line or of the environment. Throws a usage error that names both. */
export const urlOf = (options: DatabaseUrlOptions): string => {
  const url = options.url ?? process.env[options.urlEnv];
  if (!url) throw usage(`no database: set ${options.urlEnv}, or pass --url or --url-env NAME`);
  return url;
};

export const limitsFrom = (options: LimitOptions) => ({
  ...(options.lockTimeout === undefined ? {} : { lockTimeoutMs: options.lockTimeout }),
  ...(options.statementTimeout === undefined
    ? {}
    : { statementTimeoutMs: options.statementTimeout }),
  ...(options.retries === undefined ? {} : { lockRetries: options.retries }),
  ...(options.wait === undefined ? {} : { runnerWaitMs: options.wait }),
});
