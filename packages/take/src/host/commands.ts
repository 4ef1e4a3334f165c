import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { TakeError } from '../errors.ts';
import type { Manager } from './read-host.ts';

/** Each manager's install command, which may write its lockfile, also if CI is set. */
export const installCommand: Readonly<Record<Manager, readonly [string, ...string[]]>> = {
  npm: ['npm', 'install'],
  pnpm: ['pnpm', 'install', '--no-frozen-lockfile'],
  yarn: ['yarn', 'install', '--no-immutable'],
  'yarn-classic': ['yarn', 'install'],
  bun: ['bun', 'install'],
};

/** Each manager's command for a script of a package. */
export const runScript: Readonly<Record<Manager, (script: string) => string>> = {
  npm: (script) => `npm run ${script}`,
  pnpm: (script) => `pnpm ${script}`,
  yarn: (script) => `yarn ${script}`,
  'yarn-classic': (script) => `yarn ${script}`,
  bun: (script) => `bun run ${script}`,
};

/**
 * Runs a program to its end, with a project's installed programs first on the path.
 * @throws TakeError when it fails or is missing
 */
export async function run(
  cwd: string,
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const line = [program, ...args].join(' ');
  const path = [...binFolders(cwd), process.env.PATH ?? ''].join(delimiter);
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment, PATH: path },
      // npm, pnpm and yarn are scripts on Windows.
      shell: process.platform === 'win32',
    });
    child.on('error', (error) => reject(new TakeError(`${line}: ${error.message}`, 1)));
    child.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  if (code !== 0)
    throw new TakeError(
      `${line} failed with ${code}. Everything is written; run it again there.`,
      1,
    );
}

function binFolders(cwd: string): string[] {
  const folders: string[] = [];
  for (let path = cwd; ; path = dirname(path)) {
    const bin = join(path, 'node_modules', '.bin');
    if (existsSync(bin)) folders.push(bin);
    if (dirname(path) === path) return folders;
  }
}
