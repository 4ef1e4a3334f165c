import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Coverage } from './coverage.ts';
import type { Mutant } from './mutant.ts';

/** Which test files killed mutants of which file, most recent last: the likeliest are asked first. */
export type Kills = Map<string, string[]>;

export interface Choosing {
  readonly root: string;
  readonly coverage: Coverage;
  readonly kills: Kills;
  /** At most this much of tests for one mutant, by the time they took when all was well. */
  readonly budgetMs: number;
}

/** The test files that cover a mutant, the likeliest to notice first, within the budget. */
export async function chooseTests(mutant: Mutant, choosing: Choosing): Promise<string[]> {
  const { coverage, kills, budgetMs } = choosing;
  const covering = await coveringTests(mutant, choosing);
  const killers = kills.get(killKey(mutant)) ?? [];
  const stem = basename(mutant.file, '.ts').replace(/\.queries$/, '');
  const rank = new Map(
    covering.map((file, index) => {
      const isNamesake = basename(file).startsWith(stem) ? 0 : 1;
      const hasKilled = killers.includes(file) ? 0 : 1;
      // Without an index every answer stays the same: only a plan or the audit of the schema tells.
      const looksAtIndexes = mutant.operator === 'index' && /plan|audit\./.test(file) ? 0 : 1;
      const byWords = mutant.words ? index : 0;
      // A test file that calls little else is about this.
      const callsInAll = coverage.tests[file]?.called.length ?? 0;
      return [file, [looksAtIndexes, hasKilled, isNamesake, byWords, callsInAll]];
    }),
  );
  const ordered = covering
    .filter((file) => !comparesSchema.test(file))
    .toSorted((one, other) => {
      const [left = [], right = []] = [rank.get(one), rank.get(other)];
      const at = left.findIndex((value, place) => value !== right[place]);
      return (left[at] ?? 0) - (right[at] ?? 0);
    });
  let spentMs = 0;
  const affordable = ordered.filter((file, index) => {
    spentMs += coverage.tests[file]?.durationMs ?? 0;
    return index === 0 || spentMs <= budgetMs;
  });
  return [...affordable, ...comparing(mutant, covering)];
}

/** The test that compares what the migrations make with what is declared. */
export const comparesSchema = /\/test\/schemas?\.test\.ts$/;

/** It notices any rule that is lost, so it comes last: a test of what the rule is for tells more. */
const comparing = ({ words }: Mutant, files: readonly string[]): string[] =>
  words ? files.filter((file) => comparesSchema.test(file)) : [];

/** Kills are remembered by file, and by table for a rule of the database. */
export const killKey = ({ file, words }: Mutant): string => words?.[1] ?? file;

async function coveringTests(mutant: Mutant, { root, coverage }: Choosing): Promise<string[]> {
  const green = Object.entries(coverage.tests).filter(([, { isRed }]) => !isRed);
  const { words, functionStart, file } = mutant;
  if (words) {
    const found = await Promise.all(
      green.map(async ([test]) => {
        const text = await readFile(join(root, test), 'utf8');
        const named = words.findIndex((word) => text.includes(word));
        return { test, place: named < 0 ? words.length : named };
      }),
    );
    return found.toSorted((one, other) => one.place - other.place).map(({ test }) => test);
  }
  const key = `${file}:${functionStart}`;
  const calls = green.filter(([, { called }]) =>
    // Code outside every function runs wherever the file is loaded.
    functionStart === undefined
      ? called.some((one) => one.startsWith(`${file}:`))
      : called.includes(key),
  );
  const all = calls.length > 0 || functionStart !== undefined ? calls : green;
  return all.map(([test]) => test);
}
