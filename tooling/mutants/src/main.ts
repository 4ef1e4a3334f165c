// pnpm mutants db tasks --limit 60   writes one deliberate fault after the other to a copy of the workspace,
// runs the tests that cover it, and says which faults no test notices.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readAccepted } from './accepted.ts';
import { hitsVariable, keepCoverage, measureCoverage, readCoverage } from './coverage.ts';
import { findMutants } from './find-mutants.ts';
import { judge } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { survivorLines, tableHead, tableRow } from './report.ts';
import { isOpen, keepResult, readResults, resultOf } from './results.ts';
import { Runner } from './runner.ts';
import { sample } from './sample.ts';
import { copyWorkspace } from './scratch-copy.ts';
import { type Package, packageNames, readPackage, root } from './workspace.ts';

interface Options {
  limit: number;
  seed: string;
  file?: string;
  operator?: string;
  tests?: string;
  again?: boolean;
  report?: boolean;
  budget: number;
  workers: number;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

const command = new Command('mutants')
  .description(
    'Changes one thing at a time in a copy of the workspace and says what no test notices.',
  )
  .argument('<package...>', packageNames.join(', '))
  .option('--limit <number>', 'mutants per package, a sample over all operators', positive, 60)
  .option('--seed <text>', 'another sample', '1')
  .option('--file <text>', 'only files whose path contains this')
  .option('--operator <name>', 'only lock, boundary, condition, and/or, order, policy, check …')
  .option('--tests <text>', 'only test files whose path contains this')
  .option('--again', 'judge the survivors of earlier runs again')
  .option('--report', 'run nothing: print the table and the survivors of earlier runs')
  .option('--budget <seconds>', 'at most this much of tests for one mutant', positive, 60)
  .option('--workers <number>', 'processes that run test files', positive, 2)
  .showHelpAfterError();
command.parse();
const options = command.opts<Options>();
const kept = join(root, 'node_modules/.cache/mutants');
const resultsOf = ({ name }: Package) => join(kept, `${name}.jsonl`);

const packages = await Promise.all(command.args.map(readPackage));
const ended = new AbortController();
if (!options.report) await runAll();
if (!ended.signal.aborted) await printReport();

async function runAll(): Promise<void> {
  let stop = async () => {};
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      ended.abort();
      void stop();
    });
  }
  const copy = await copyWorkspace(root);
  const folder = await mkdtemp(join(tmpdir(), 'mutants-hits-'));
  const hits = join(folder, 'hits.jsonl');
  const env = { [hitsVariable]: hits };
  const runner = new Runner({ root: copy, workers: options.workers, env });
  stop = () => runner.close();
  try {
    for (const one of packages) {
      ended.signal.throwIfAborted();
      await runPackage(one, { copy, runner, hits });
    }
  } catch (error) {
    // A mutant under way when the run was ended has no result.
    if (!ended.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    await runner.close();
    await rm(copy, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPackage(
  of: Package,
  { copy, runner, hits }: { copy: string; runner: Runner; hits: string },
): Promise<void> {
  const results = await readResults(resultsOf(of));
  const mutants = (await findMutants(copy, of)).filter(isChosen);
  const statusOf = ({ id }: Mutant) => results.get(id)?.status;
  const survived = mutants.filter((one) => isOpen(statusOf(one)));
  const sampled = sample(mutants, options.limit, options.seed);
  const chosen = options.again ? survived : sampled.filter((one) => statusOf(one) === undefined);
  console.log(`${of.name}: ${mutants.length} mutants, ${chosen.length} to judge`);
  if (chosen.length === 0) return;
  const coverageFile = join(kept, `${of.name}.coverage.json`);
  const before = await readCoverage(coverageFile);
  const isWanted = (file: string) => options.tests === undefined || file.includes(options.tests);
  const measured = await measureCoverage(of, { copy, runner, hits, before, isWanted });
  await keepCoverage(coverageFile, measured);
  const wanted = Object.entries(measured.tests).filter(([file]) => isWanted(file));
  const coverage = { ...measured, tests: Object.fromEntries(wanted) };
  const red = Object.entries(coverage.tests).flatMap(([file, { isRed }]) => (isRed ? [file] : []));
  for (const file of red) console.log(`left out, because it fails without a mutant: ${file}`);
  const judging = {
    root: copy,
    runner,
    coverage,
    kills: new Map(),
    budgetMs: options.budget * 1000,
  };
  let rules = 0;
  for (const mutant of chosen) {
    const startedAt = Date.now();
    const verdict = await judge(mutant, judging);
    ended.signal.throwIfAborted();
    const ms = Date.now() - startedAt;
    await keepResult(resultsOf(of), resultOf(mutant, { package: of.name, ms, ...verdict }));
    console.log(lineOf(mutant, `${verdict.status} ${(ms / 1000).toFixed(1)} s`, verdict.by));
    // Each changed migration leaves a template database on the server, until it stops.
    if (mutant.words && ++rules % 25 === 0) await runner.close();
  }
}

function isChosen({ file, operator }: Mutant): boolean {
  const isFile = options.file === undefined || file.includes(options.file);
  return isFile && (options.operator === undefined || operator === options.operator);
}

function lineOf(mutant: Mutant, verdict: string, by = ''): string {
  const { file, line, operator, before, after } = mutant;
  const change = `${before.slice(0, 60)} → ${after.slice(0, 60) || '(gone)'}`;
  return `${verdict}  ${file}:${line} [${operator}] ${change}${by && `  by ${by.slice(0, 140)}`}`;
}

async function printReport(): Promise<void> {
  const accepted = await readAccepted();
  const lists = await Promise.all(
    packages.map(async (one) => ({ one, results: await currentResults(one) })),
  );
  console.log(`\n${tableHead}`);
  for (const { one, results } of lists) console.log(tableRow(one.name, results, accepted));
  for (const { results } of lists) {
    for (const line of survivorLines(results, accepted)) console.log(line);
  }
}

/** The results of mutants that the sources still have. */
async function currentResults(of: Package) {
  const living = new Set((await findMutants(root, of)).map(({ id }) => id));
  const results = await readResults(resultsOf(of));
  return [...results.values()].filter(({ id }) => living.has(id));
}
