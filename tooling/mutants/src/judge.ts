import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Choosing, chooseTests, type Kills, killKey } from './choose-tests.ts';
import { applyMutant } from './find-mutants.ts';
import type { Mutant } from './mutant.ts';
import type { Status } from './results.ts';
import type { Answer, Runner } from './runner.ts';

export interface Verdict {
  readonly status: Status;
  readonly by?: string;
  readonly tests: number;
}

export interface Judging extends Choosing {
  /** `root` is the copy of the workspace that the mutant is written to. */
  readonly runner: Runner;
}

/** How many test files are tried first: most mutants are noticed by the likeliest. */
const firstFew = 2;

/** Messages of a mutant that the server refuses, and that so says nothing about the tests. */
const broken =
  /\b(42601|42883|42804|42703)\b|syntax error|statement \d+ failed|[Mm]igration .*(failed|refused|stopped)/;

/** Writes a mutant to the copy, runs the tests that cover it, and restores the file. */
export async function judge(mutant: Mutant, judging: Judging): Promise<Verdict> {
  const files = await chooseTests(mutant, judging);
  if (files.length === 0) return { status: 'uncovered', tests: 0 };
  const path = join(judging.root, mutant.file);
  const original = await readFile(path, 'utf8');
  await writeFile(path, applyMutant(original, mutant));
  try {
    return await runStages(mutant, files, judging);
  } finally {
    await writeFile(path, original);
  }
}

async function runStages(
  mutant: Mutant,
  files: readonly string[],
  { runner, coverage, kills }: Judging,
): Promise<Verdict> {
  const tests = files.length;
  const stages = [files.slice(0, firstFew), files.slice(firstFew)].filter((one) => one.length > 0);
  for (const stage of stages) {
    const usualMs = stage.reduce((sum, file) => sum + (coverage.tests[file]?.durationMs ?? 0), 0);
    const answer = await runner.run({ changed: [mutant.file], files: stage }, 30_000 + 3 * usualMs);
    if (answer === 'timeout') return { status: 'timeout', by: stage[0] ?? '', tests };
    const found = failureOf(answer);
    if (!found) continue;
    if (broken.test(found.message)) return { status: 'invalid', by: found.message, tests };
    remember(kills, mutant, found.file);
    return { status: 'killed', by: `${found.file} › ${found.test || found.message}`, tests };
  }
  return { status: 'survived', tests };
}

function failureOf({ files, failed }: Answer) {
  const file = files.find(({ message, failedTest }) => message ?? failedTest);
  if (file) return { file: file.file, test: file.failedTest ?? '', message: file.message ?? '' };
  return failed === undefined ? undefined : { file: '', test: '', message: failed };
}

function remember(kills: Kills, mutant: Mutant, file: string): void {
  if (file === '') return;
  const key = killKey(mutant);
  const known = kills.get(key) ?? [];
  if (!known.includes(file)) kills.set(key, [...known, file]);
}
