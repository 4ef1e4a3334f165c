import { defineConfig } from 'vitest/config';

/** The suite for a real Citus cluster: `TENANCY_CLUSTER_URL=… pnpm test:cluster`. */
export default defineConfig({
  test: {
    name: 'tenancy on a cluster',
    include: ['test/on-cluster/*.cluster.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
