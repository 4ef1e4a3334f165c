import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { MigratorError, messageOf, usage } from '../errors.ts';

const run = promisify(execFile);

const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { maxBuffer: 256 * 1024 * 1024 })).stdout;

/** A path as git names it from the top of the repository. */
const pathInGit = async (path: string): Promise<string> => {
  const prefix = (await git('rev-parse', '--show-prefix')).trim();
  return join(prefix, relative('.', resolve(path))).replace(/\/$/, '');
};

const checkRef = async (ref: string): Promise<string> => {
  try {
    return (await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`)).trim();
  } catch (error) {
    throw new MigratorError(
      'usage',
      3,
      `--against ${ref}: git knows no such revision here. In CI, check out the whole history (fetch-depth: 0).`,
      error,
    );
  }
};

/** @returns the text of a file at a revision; undefined if it is not there */
export const textAt = async (ref: string, path: string): Promise<string | undefined> => {
  const commit = await checkRef(ref);
  const name = await pathInGit(path);
  return git('show', `${commit}:${name}`).catch(() => undefined);
};

/** Writes the files of a folder at a revision below a directory. */
const writeFolderAt = async (ref: string, folder: string, into: string): Promise<void> => {
  const commit = await checkRef(ref);
  const name = await pathInGit(folder);
  const listed = await git('ls-tree', '-r', '--full-tree', '--name-only', '-z', commit, `${name}/`);
  const files = listed.split('\0').filter(Boolean);
  if (files.length === 0) throw usage(`--against ${ref}: that revision has no files in ${name}`);
  for (const file of files) {
    const path = join(into, relative(name, file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await git('show', `${commit}:${file}`));
  }
};

/** Works with the files of a folder at a revision. */
export const withFolderAt = async <T>(
  ref: string,
  folder: string,
  work: (path: string) => Promise<T>,
): Promise<T> => {
  const directory = await mkdtemp(join(tmpdir(), 'migrator-revision-'));
  try {
    await writeFolderAt(ref, folder, directory);
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const shell = (command: string, cwd: string): Promise<void> =>
  new Promise((done, fail) => {
    // Its output is progress; only the result goes to stdout.
    const child = spawn(command, { cwd, shell: true, stdio: ['ignore', 2, 2] });
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`${command} ended with ${code} in a checkout`)),
    );
  });

/**
 * Checks a revision out beside the repository, runs a command in the same folder there, and removes
 * the checkout.
 */
export const inCheckout = async <T>(
  ref: string,
  command: string,
  work: (directory: string) => Promise<T>,
): Promise<T> => {
  const commit = await checkRef(ref);
  const prefix = (await git('rev-parse', '--show-prefix')).trim();
  const parent = await mkdtemp(join(tmpdir(), 'migrator-checkout-'));
  const top = join(parent, 'checkout');
  try {
    await git('worktree', 'add', '--quiet', '--detach', top, commit);
    const directory = join(top, prefix);
    await shell(command, directory).catch((error: unknown) => {
      throw new MigratorError('usage', 1, `--record: ${messageOf(error)}`, error);
    });
    return await work(directory);
  } finally {
    await git('worktree', 'remove', '--force', top).catch(() => {});
    await rm(parent, { recursive: true, force: true });
  }
};
