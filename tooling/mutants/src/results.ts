import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Mutant } from './mutant.ts';

/**
 * The outcome of a mutant. `timeout`: the tests had not ended in time. `invalid`: the changed migration
 * or file did not run at all, so it says nothing about the tests. `uncovered`: no test calls the function.
 */
export type Status = 'killed' | 'timeout' | 'survived' | 'uncovered' | 'invalid';

/** Neither noticed by a test nor refused by the server. A slow machine runs out of time as well, so that counts. */
export const isOpen = (status: Status | undefined): boolean =>
  status === 'survived' || status === 'uncovered' || status === 'timeout';

export interface Result {
  readonly id: string;
  readonly package: string;
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
  readonly status: Status;
  /** The test that noticed, or what it said. */
  readonly by?: string;
  readonly tests: number;
  readonly ms: number;
}

/** The results that were kept, the last of each mutant. */
export async function readResults(path: string): Promise<Map<string, Result>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const results = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Result);
  return new Map(results.map((result) => [result.id, result]));
}

/** Written one by one, so that a run that is ended loses none. */
export async function keepResult(path: string, result: Result): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(result)}\n`);
}

export const resultOf = (
  { id, file, line, operator, before, after }: Mutant,
  rest: Pick<Result, 'package' | 'status' | 'by' | 'tests' | 'ms'>,
): Result => ({ id, file, line, operator, before, after, ...rest });
