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

const ignored = new Set(['node_modules', 'dist', '.next', '.next-dev', '.turbo']);

/**
 * Source files below a folder, relative to the root; ignored folders are left out. Walks by
 * itself: a recursive `readdir` would follow the links in `node_modules`.
 */
export async function filesBelow(folder: string, extension: RegExp): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return ignored.has(entry.name) ? [] : filesBelow(path, extension);
      return extension.test(path) ? [path] : [];
    }),
  );
  return found.flat();
}
