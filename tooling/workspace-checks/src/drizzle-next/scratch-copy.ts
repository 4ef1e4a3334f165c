import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, run } from '../command.ts';
import { root } from '../workspace.ts';

/** The version of docs/adr/0017-drizzle-1.md. */
export const nextVersion = '1.0.0-rc.5';

/** Copies what git knows of the workspace, with the changes of the working tree, to a new folder. */
export async function copyWorkspace(): Promise<string> {
  const { failed, output } = await run(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    root,
  );
  if (failed) throw new Error(`git can't list the workspace's files:\n${output}`);
  const folder = await mkdtemp(join(tmpdir(), 'drizzle-next-'));
  for (const path of output.split('\0').filter(Boolean)) {
    // A file that is deleted in the working tree is still in git's list.
    await cp(join(root, path), join(folder, path)).catch(ignoreMissing);
  }
  return folder;
}

/** Installs one version of drizzle-orm and drizzle-kit in a copy of the workspace. */
export async function installDrizzle(copy: string, version: string): Promise<Outcome> {
  await edit(join(copy, 'pnpm-workspace.yaml'), (text) => withDrizzle(text, version));
  return run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], copy);
}

/** The workspace's catalog with one version of drizzle-orm and drizzle-kit. */
export function withDrizzle(catalog: string, version: string): string {
  return ['drizzle-orm', 'drizzle-kit'].reduce((text, name) => {
    const line = new RegExp(`^( +"?${name}"?:) .*$`, 'm');
    if (!line.test(text)) throw new Error(`The catalog of pnpm-workspace.yaml has no ${name}.`);
    return text.replace(line, `$1 ${version}`);
  }, catalog);
}

/** Takes Zod schemas from Drizzle itself, as 1.0 asks for. @returns how many files changed */
export async function takeZodFromDrizzle(copy: string, files: readonly string[]): Promise<number> {
  let changed = 0;
  for (const file of files) {
    const isChanged = await edit(join(copy, file), zodFromDrizzle);
    if (isChanged) changed++;
  }
  return changed;
}

export const zodFromDrizzle = (source: string) =>
  source.replace(/(from\s+)(['"])drizzle-zod\2/g, '$1$2drizzle-orm/zod$2');

async function edit(path: string, change: (text: string) => string): Promise<boolean> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed === text) return false;
  await writeFile(path, changed);
  return true;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
