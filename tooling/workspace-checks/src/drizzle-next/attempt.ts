import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command.ts';
import type { WorkspacePackage } from '../workspace.ts';
import { readTypeErrors, type TypeFault } from './type-errors.ts';

/** How one package fares in the copy. */
export interface Attempt {
  readonly name: string;
  readonly folder: string;
  readonly faults: readonly TypeFault[];
  /** Why the package can't be imported; undefined when it can, or exports nothing. */
  readonly importError: string | undefined;
  /** Undefined when the tests were not run. */
  readonly tests: TestCounts | undefined;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Compiles a package in the copy, imports it, and runs its tests if that works. */
export async function attempt(
  copy: string,
  { folder, manifest }: WorkspacePackage,
  options: { readonly tests: boolean },
): Promise<Attempt> {
  const cwd = join(copy, folder);
  const { output } = await run('pnpm', ['exec', 'tsc', '--noEmit', '--pretty', 'false'], cwd);
  const importError = manifest.exports
    ? await importErrorOf(copy, cwd, manifest.exports)
    : undefined;
  const isRunnable = options.tests && importError === undefined;
  return {
    name: manifest.name,
    folder,
    faults: readTypeErrors(output),
    importError,
    tests: isRunnable ? await runTests(copy, folder) : undefined,
  };
}

async function importErrorOf(
  copy: string,
  cwd: string,
  exported: Record<string, unknown>,
): Promise<string | undefined> {
  const entry = exported['.'];
  if (typeof entry !== 'string') return undefined;
  const tsx = join(copy, 'tooling/workspace-checks/node_modules/.bin/tsx');
  const program = `import(${JSON.stringify(join(cwd, entry))}).catch((error) => { console.error(error); process.exit(1); })`;
  const { failed, output } = await run(tsx, ['--eval', program], cwd);
  return failed ? errorLineOf(output) : undefined;
}

/** The line of a program's output that names its error. */
export function errorLineOf(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find(Boolean) ?? 'unknown';
}

async function runTests(copy: string, folder: string): Promise<TestCounts | undefined> {
  const report = join(copy, `tests-${randomUUID()}.json`);
  await run(
    'pnpm',
    ['exec', 'vitest', 'run', `${folder}/`, '--reporter=json', `--outputFile=${report}`],
    copy,
  );
  const text = await readFile(report, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : countTests(text);
}

/** @param report of vitest's json reporter. A file that can't be loaded counts as one failed test */
export function countTests(report: string): TestCounts {
  const { numPassedTests, numPendingTests, numTodoTests, testResults }: VitestReport =
    JSON.parse(report);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  return {
    passed: numPassedTests,
    failed: failed.length + unloaded.length,
    skipped: numPendingTests + numTodoTests,
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}
