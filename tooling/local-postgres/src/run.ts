import type { Source } from './source.ts';

/** What the global setup hands to every worker and child process of a test run. */
export type Run = {
  source: Source;
  /** Labels every container and prefixes every database of the run, so that all can be found and removed. */
  owner: string;
  /** The run's temporary folder. */
  directory: string;
  /** A superuser's URL of the shared server; absent when embedded. */
  adminUrl?: string;
  /** One line for people. */
  description: string;
};

const variable = 'LOCAL_POSTGRES_RUN';

/** The run this process belongs to, or undefined outside one. */
export function currentRun(): Run | undefined {
  const value = process.env[variable];
  if (!value) return undefined;
  const run: Run = JSON.parse(value);
  return run;
}

/** @throws Error outside a test run */
export function requireRun(): Run {
  const run = currentRun();
  if (!run) {
    throw new Error(
      'No test Postgres: run under vitest with projectConfig() from @reference/local-postgres/vitest, which starts one.',
    );
  }
  return run;
}

/** Workers and the processes that tests spawn inherit it. */
export function publishRun(run: Run | undefined): void {
  if (run) process.env[variable] = JSON.stringify(run);
  else delete process.env[variable];
}
