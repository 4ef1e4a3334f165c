import type { Command } from 'commander';
import { usage } from '../errors.ts';

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

/** Adds the options that choose the project; default: the working directory's drizzle.config. */
export const withFolder = (command: Command): Command =>
  command
    .option(
      '--folder <path>',
      'the migrations folder; default: "out" of the configuration, else drizzle',
    )
    .option(
      '--config <path>',
      'the Drizzle configuration; default: drizzle.config.ts, .js or .json',
    )
    .option('--no-config', 'read no Drizzle configuration')
    .option(
      '--migrations-table <name>',
      'the bookkeeping table; default: as the configuration says',
    )
    .option('--migrations-schema <name>', 'its schema; default: as the configuration says')
    .option(
      '--project <directories>',
      'work in these, separated by commas; all are checked before one is changed',
    );

export const withConnection = (command: Command): Command =>
  withFolder(command)
    .option('--url <url>', 'the database; better kept in the environment than on a command line')
    .option(
      '--url-env <name>',
      'the environment variable that holds the URL; default: dbCredentials of the configuration, else DATABASE_URL',
    );

export const withLimits = (command: Command): Command =>
  command
    .option('--lock-timeout <ms>', 'longest wait for locks in a file (default 5000)', wholeNumber)
    .option('--statement-timeout <ms>', 'longest statement (default 1800000)', wholeNumber)
    .option('--retries <n>', 'tries after a lock timeout (default 10)', wholeNumber)
    .option('--wait <ms>', 'longest wait for another runner (default 300000)', wholeNumber);

export const limitsFrom = (options: LimitOptions) => ({
  ...(options.lockTimeout === undefined ? {} : { lockTimeoutMs: options.lockTimeout }),
  ...(options.statementTimeout === undefined
    ? {}
    : { statementTimeoutMs: options.statementTimeout }),
  ...(options.retries === undefined ? {} : { lockRetries: options.retries }),
  ...(options.wait === undefined ? {} : { runnerWaitMs: options.wait }),
});
