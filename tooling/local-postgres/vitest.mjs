// Plain JavaScript: node loads it when vitest reads a package's vitest.config.ts.
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`./src/${name}`, import.meta.url));

export const reporters = ['default', path('skip-reporter.ts')];

export function projectConfig({ needsVector = false } = {}) {
  return {
    test: {
      include: ['test/**/*.test.ts'],
      globalSetup: path('global-setup.ts'),
      setupFiles: path('worker-setup.ts'),
      provide: { needsVector },
      // Processes rather than threads: a test may change its environment and end its connections hard.
      pool: 'forks',
      // The files of a process share their modules: importing them anew for each took a fifth of a run.
      isolate: false,
      maxWorkers: '100%',
      // Against hangs only: PGlite on a busy machine takes half a minute to start.
      testTimeout: 60_000,
      hookTimeout: 180_000,
      expect: { poll: { timeout: 30_000 } },
      reporters,
    },
  };
}
