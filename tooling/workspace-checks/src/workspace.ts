import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Manifest = {
  name: string;
  private?: boolean;
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
};

export type WorkspacePackage = {
  /** Relative to the root, such as `packages/kit`. */
  folder: string;
  manifest: Manifest;
};

/** Every package of the workspace that exists. */
export async function readWorkspace(): Promise<WorkspacePackage[]> {
  const folders = ['bench'];
  for (const parent of ['apps', 'packages', 'tooling']) {
    const names = await readdir(join(root, parent)).catch(() => []);
    folders.push(...names.map((name) => `${parent}/${name}`));
  }
  const found = await Promise.all(folders.map(readPackage));
  return found.filter((entry) => entry !== undefined);
}

async function readPackage(folder: string): Promise<WorkspacePackage | undefined> {
  const text = await readFile(join(root, folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const manifest: Manifest = JSON.parse(text);
  return { folder, manifest };
}

/** Source files below a folder, relative to the root; what git ignores by rule is left out. */
export async function filesBelow(folder: string, extension: RegExp): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return entries
    .map((entry) => `${folder}/${entry}`)
    .filter((path) => extension.test(path) && !/\/(node_modules|dist|\.next)\//.test(path));
}
