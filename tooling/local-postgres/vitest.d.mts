import type { ViteUserConfig } from 'vitest/config';

/** The `test.reporters` of a root configuration: vitest's own and the count of tests skipped on PGlite. */
export const reporters: string[];

/**
 * The whole `vitest.config.ts` of a package whose tests need a Postgres.
 * @param options.needsVector pgvector, too: on PGlite where the run's server is without it
 */
export function projectConfig(options?: { needsVector?: boolean }): ViteUserConfig;
