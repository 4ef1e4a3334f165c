import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Copies what git knows of a workspace, with the changes of its working tree, to a new folder that
 * uses the same installed dependencies. A fault is only ever written there, so the workspace stays
 * as it is however a run ends.
 * @returns the folder
 */
export async function copyWorkspace(root: string): Promise<string> {
  const known = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await run('git', known, { cwd: root, maxBuffer: 1 << 26 });
  const files = stdout.split('\0').filter(Boolean);
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  try {
    for (const file of files) {
      // A file that is deleted in the working tree is still in git's list.
      await cp(join(root, file), join(folder, file)).catch(ignoreMissing);
    }
    const packages = new Set(files.filter((file) => file.endsWith('package.json')).map(dirname));
    for (const one of packages) await linkModules(root, folder, one);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Gives a package of the copy the links of its node_modules: relative ones lead into the copy. */
async function linkModules(root: string, copy: string, folder: string): Promise<void> {
  const from = join(root, folder, 'node_modules');
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.name === '.pnpm') await place(join(from, '.pnpm'), folder, '.pnpm');
    else if (entry.isSymbolicLink()) await relink(entry.name);
    else if (entry.name.startsWith('@') || entry.name === '.bin') await relinkAll(entry.name);
  }

  async function relinkAll(scope: string): Promise<void> {
    for (const entry of await readdir(join(from, scope), { withFileTypes: true })) {
      const name = join(scope, entry.name);
      if (entry.isSymbolicLink()) await relink(name);
      else if (entry.isFile()) await cp(join(from, name), join(copy, folder, 'node_modules', name));
    }
  }
  async function relink(name: string): Promise<void> {
    await place(await readlink(join(from, name)), folder, name);
  }
  async function place(target: string, below: string, name: string): Promise<void> {
    const path = join(copy, below, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
