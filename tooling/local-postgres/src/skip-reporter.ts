import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { currentRun } from './run.ts';

/** Ends a run without Docker with the number of tests that could not run. */
export default class SkipReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // With -t, vitest marks every other test as skipped.
    const { source } = currentRun() ?? {};
    if ((source !== 'embedded' && source !== 'pglite') || this.#vitest?.config.testNamePattern)
      return;
    let skipped = 0;
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        if (test.options.mode === 'skip') skipped += 1;
      }
    }
    if (skipped > 0) {
      console.log(
        `\n${skipped} ${skipped === 1 ? 'test' : 'tests'} skipped: they need Docker, or several sessions on a database that PGlite serves, which has one. All run where a Docker engine answers.`,
      );
    }
  }
}
