import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sourceFiles, testFiles } from './files.ts';
import { instrument } from './instrument.ts';
import type { Runner } from './runner.ts';
import type { Package } from './workspace.ts';

/** Which functions each test file calls. */
export interface Coverage {
  /** The hash of the sources that it was measured with. */
  readonly sources: string;
  readonly tests: Readonly<Record<string, TestFile>>;
}
export interface TestFile {
  readonly hash: string;
  /** Functions as `file:start`. */
  readonly called: readonly string[];
  readonly durationMs: number;
  /** It fails without any mutant, so it judges none. */
  readonly isRed: boolean;
}

/** The variable that names the file to which test processes write the functions they called. */
export const hitsVariable = 'MUTANTS_HITS';

/** Hooks around each test file while coverage is measured. */
const recorder = `
import { appendFileSync as append } from 'node:fs';
import { afterAll as after, expect as here } from 'vitest';
globalThis.__called = new Set();
after(() => {
  const line = { test: here.getState().testPath, called: [...globalThis.__called] };
  append(process.env.${hitsVariable}, JSON.stringify(line) + '\\n');
});
`;

interface Measuring {
  /** The copy of the workspace that holds the sources. It is left as it was. */
  readonly copy: string;
  /** Its environment names `hits` in `hitsVariable`. */
  readonly runner: Runner;
  readonly hits: string;
  /** The former measurement: only test files that have changed since are run again. */
  readonly before?: Coverage | undefined;
  /** Which test files to measure; the others keep what is known of them. */
  readonly isWanted: (file: string) => boolean;
}

/** Runs every test file once with sources that note which of their functions are called. */
export async function measureCoverage(of: Package, measuring: Measuring): Promise<Coverage> {
  const { copy, before } = measuring;
  const sources = await hashOf(copy, await sourceFiles(copy, of));
  const known = before?.sources === sources ? before.tests : {};
  const tests: Record<string, TestFile> = {};
  const hashes = new Map<string, string>();
  for (const file of await testFiles(copy, of)) {
    const hash = await hashOf(copy, [file]);
    const kept = known[file];
    if (kept?.hash === hash) tests[file] = kept;
    else if (measuring.isWanted(file)) hashes.set(file, hash);
  }
  if (hashes.size === 0) return { sources, tests };
  const restore = await instrumentSources(of, copy);
  const { runner, hits } = measuring;
  await writeFile(hits, '');
  const question = { changed: [], files: [...hashes.keys()], all: true };
  const answer = await runner.run(question, 30 * 60_000);
  // The next question is answered by a process that has seen only the sources as they are.
  await runner.close();
  await restore();
  if (answer === 'timeout') throw new Error(`The tests of ${of.name} took over half an hour.`);
  if (answer.files.length === 0)
    throw new Error(`The tests of ${of.name} did not run: ${answer.failed}`);
  const called = await readHits(copy, hits);
  for (const { file, durationMs, failedTest, message } of answer.files) {
    const isRed = failedTest !== undefined || message !== undefined;
    const hash = hashes.get(file) ?? '';
    tests[file] = { hash, called: called.get(file) ?? [], durationMs, isRed };
  }
  return { sources, tests };
}

/** @returns what puts the sources back */
async function instrumentSources(of: Package, copy: string): Promise<() => Promise<void>> {
  const setup = join(copy, 'tooling/local-postgres/src/worker-setup.ts');
  const originals = new Map([[setup, await readFile(setup, 'utf8')]]);
  await appendFile(setup, recorder);
  for (const file of await sourceFiles(copy, of)) {
    const path = join(copy, file);
    const text = await readFile(path, 'utf8');
    originals.set(path, text);
    await writeFile(path, instrument(file, text));
  }
  return async () => {
    for (const [path, text] of originals) await writeFile(path, text);
  };
}

async function readHits(copy: string, hits: string): Promise<Map<string, string[]>> {
  const lines = (await readFile(hits, 'utf8')).split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const { test, called } = JSON.parse(line) as { test: string; called: string[] };
      return [test.slice(copy.length + 1), called];
    }),
  );
}

async function hashOf(root: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

export async function readCoverage(path: string): Promise<Coverage | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Coverage);
}

export async function keepCoverage(path: string, coverage: Coverage): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(coverage));
}
