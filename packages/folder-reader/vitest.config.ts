import { defineProject } from 'vitest/config';

// The timeout is against hangs only: a busy machine takes its time.
export default defineProject({ test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 } });
