import { reporters } from '@reference/local-postgres/vitest';
import { defineConfig } from 'vitest/config';

// `pnpm test:e2e`: one application for the whole run, on databases of its own, driven by a browser.
// Not vitest.config.ts, which the root's `pnpm test` would run too.
export default defineConfig({
  test: {
    include: ['test/**/*.e2e.ts'],
    globalSetup: 'test/start-demo.ts',
    // Two files at once, on data of one application: each keeps to people or pages of its own.
    maxWorkers: 2,
    // For a machine that does other things at the same time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    reporters,
  },
});
