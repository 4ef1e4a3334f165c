import type { Binaries } from './embedded/programs.ts';
import type { Source } from './source.ts';

/** The run's settings, which the global setup passes to every worker and child process. */
export type Run = {
  /**
   * `pglite` if there is nothing else, or if the run's server lacks the pgvector that tests need.
   */
  source: Source | 'pglite';
  /**
   * The label of every container and prefix of every database of the run, by which they are
   * removed.
   */
  owner: string;
  /** The run's temporary folder. */
  directory: string;
  /** A superuser's URL of the shared server; absent on PGlite. */
  adminUrl?: string;
  /** The start options of embedded servers. */
  binaries?: Binaries;
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

/** Publishes the run to workers and spawned processes, which inherit it. */
export function publishRun(run: Run | undefined): void {
  if (run) process.env[variable] = JSON.stringify(run);
  else delete process.env[variable];
}

/** True for npm's binaries, the only server without pgvector. */
export const lacksVector = ({ binaries }: Run): boolean =>
  binaries !== undefined && !binaries.vector;

/** Makes PGlite the Postgres of this process and its children if the run's server has no pgvector. */
export function demandVector(): void {
  const run = currentRun();
  if (!run || !lacksVector(run)) return;
  const { adminUrl: _, binaries: __, ...rest } = run;
  publishRun({ ...rest, source: 'pglite' });
}
