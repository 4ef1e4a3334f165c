import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startDemo } from './demo-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly demoUrl: string;
  }
}

/**
 * One application for the run, as `pnpm demo` starts it, with data that is gone afterwards. While one
 * writes a test, DEMO_URL names an application that runs already; its data changes.
 */
export default async function setup(project: TestProject) {
  if (process.env.DEMO_URL) {
    project.provide('demoUrl', process.env.DEMO_URL);
    return;
  }
  const data = await mkdtemp(join(tmpdir(), 'demo-'));
  const demo = await startDemo(['--port', '3900', '--data', data]);
  project.provide('demoUrl', demo.url);
  return async () => {
    await demo.end('SIGTERM');
    await rm(data, { recursive: true, force: true });
  };
}
