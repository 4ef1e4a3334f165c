import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MigratorError, messageOf } from '../errors.ts';

const run = promisify(execFile);

const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();

const resolves = (revision: string): Promise<boolean> =>
  git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`).then(
    () => true,
    () => false,
  );

/**
 * The revision that this branch will be merged into: the base of a pull request, else the remote's
 * main branch, else a local one. Undefined without a git history, which it reports on stderr.
 */
export const baseOfBranch = async (): Promise<string | undefined> => {
  if (!(await resolves('HEAD'))) {
    process.stderr.write('no git history here, so no branch to review\n');
    return undefined;
  }
  const base = process.env.GITHUB_BASE_REF;
  const candidates = [
    ...(base ? [`origin/${base}`, base] : []),
    'origin/HEAD',
    'origin/main',
    'origin/master',
    'main',
    'master',
  ];
  for (const candidate of candidates) if (await resolves(candidate)) return candidate;
  throw new MigratorError(
    'usage',
    3,
    `no branch to compare with (${candidates.join(', ')}): name one with --since. In CI, check out the whole history (fetch-depth: 0).`,
  );
};

/**
 * The absolute paths of files that differ between the merge base with a revision and the working
 * tree: this branch's changes, without those of the other branch since.
 */
export const changedSince = async (revision: string): Promise<Set<string>> => {
  try {
    const base = await git('merge-base', revision, 'HEAD').catch(() => {
      throw new Error(
        'it has no common ancestor with HEAD here. In CI, check out the whole history (fetch-depth: 0)',
      );
    });
    const top = await git('rev-parse', '--show-toplevel');
    const changed = await git('diff', '--name-only', '-z', '--diff-filter=d', base);
    const untracked = await git('-C', top, 'ls-files', '--others', '--exclude-standard', '-z');
    const names = `${changed}\0${untracked}`.split('\0').filter(Boolean);
    const here = await realpath('.');
    // git gives the real path of its directory, so resolve links in ours.
    const prefix = (await git('rev-parse', '--show-prefix')).replace(/\/$/, '');
    return new Set(
      names
        .map((name) =>
          prefix !== '' && name.startsWith(`${prefix}/`)
            ? join(process.cwd(), name.slice(prefix.length + 1))
            : join(prefix === '' ? process.cwd() : top, name),
        )
        .concat(here === process.cwd() ? [] : names.map((name) => join(top, name))),
    );
  } catch (error) {
    if (error instanceof MigratorError) throw error;
    throw new MigratorError('usage', 3, `--since ${revision}: ${messageOf(error)}`, error);
  }
};
