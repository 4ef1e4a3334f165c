import { reporters } from '@reference/local-postgres/vitest';
import { defineConfig } from 'vitest/config';

// `pnpm test` runs every package's tests in one vitest, against one Postgres.
export default defineConfig({
  test: {
    projects: ['{bench,{apps,packages,tooling}/*}/vitest.config.ts'],
    reporters,
    maxWorkers: '100%',
  },
});
