import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TakeError } from './errors.ts';

export interface Texts {
  readonly yours: string;
  readonly base: string;
  readonly theirs: string;
}

/**
 * Merges three texts as git does, with its conflict markers.
 * @throws TakeError when git is missing
 */
export async function mergeTexts(texts: Texts): Promise<{ text: string; hasConflict: boolean }> {
  return withFiles(texts, (folder) =>
    runGit(folder, [
      ...['merge-file', '-p', '-L', 'yours', '-L', 'as it arrived', '-L', 'the reference'],
      ...['yours', 'base', 'theirs'],
    ]).then(({ code, output, problem }) => {
      // The code is the number of conflicts; git gives 255 for an error.
      if (code >= 128) throw new TakeError(`git merge-file failed: ${problem}`, 1);
      return { text: output, hasConflict: code > 0 };
    }),
  );
}

/** The difference of two texts by git; empty if they are equal. */
export async function diffTexts(path: string, base: string, theirs: string): Promise<string> {
  const { output } = await withFiles({ yours: '', base, theirs }, (folder) =>
    runGit(folder, ['diff', '--no-index', '--no-color', 'base', 'theirs']),
  );
  const body = output.split('\n').slice(4).join('\n');
  return body.trim() === '' ? '' : `--- ${path}\n+++ ${path}\n${body}`;
}

/** The state of a folder's git repository: dirty if it has uncommitted changes. */
export async function workingTree(folder: string): Promise<'clean' | 'dirty' | 'no repository'> {
  const { code, output } = await runGit(folder, ['status', '--porcelain']);
  if (code !== 0) return 'no repository';
  return output.trim() === '' ? 'clean' : 'dirty';
}

async function withFiles<T>(texts: Texts, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'take-'));
  try {
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Finished {
  readonly code: number;
  readonly output: string;
  readonly problem: string;
}

export function runGit(cwd: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile('git', [...args], options, (error, output, problem) => {
      if (error && typeof error.code !== 'number')
        return reject(new TakeError(`git can't be run: ${error.message}`, 1));
      resolve({ code: Number(error?.code ?? 0), output, problem });
    });
  });
}
