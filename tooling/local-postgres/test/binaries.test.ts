import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBinaries } from '../src/embedded/binaries.ts';
import { findOnMachine } from '../src/embedded/machine.ts';
import { readyFolder } from '../src/embedded/package.ts';
import type { User } from '../src/embedded/user.ts';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'binaries-')));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stranger: User = { name: 'stranger', uid: 54_321, gid: 54_321 };

/** Root may write everywhere, so this is done as somebody else where the tests run as root. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(stranger.uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

async function script(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

describe.skipIf(process.platform === 'win32')('a PostgreSQL of this machine', () => {
  const path = process.env.PATH;
  afterAll(() => {
    process.env.PATH = path;
  });

  /** An installation that says which version it is, found by its pg_config. */
  async function install(version: string, extensions: readonly string[]): Promise<string> {
    const [bin, share] = [join(folder, 'bin'), join(folder, 'share')];
    await mkdir(bin);
    await mkdir(join(share, 'extension'), { recursive: true });
    await script(join(bin, 'initdb'), 'exit 1');
    await script(join(bin, 'postgres'), `echo "postgres (PostgreSQL) ${version} (Debian)"`);
    await script(join(bin, 'pg_config'), `echo ${bin}; echo ${share}`);
    for (const name of extensions) {
      await writeFile(join(share, 'extension', `${name}.control`), '');
    }
    process.env.PATH = `${bin}${delimiter}${path}`;
    return bin;
  }

  test('with pgvector is taken, and said to be', async () => {
    const bin = await install('17.9', ['vector', 'btree_gin']);
    const found = await findBinaries(() => Promise.reject(new Error('needs no copy')));
    expect(found).toMatchObject({ folder: bin, version: '17.9', vector: true });
    expect(found).toHaveProperty('description', expect.stringContaining('of this machine'));
  });

  test.each([
    ['without pgvector', '17.9', ['btree_gin']],
    ['without contrib', '17.9', ['vector']],
    ['older than the migrations', '15.18', ['vector', 'btree_gin']],
  ])('%s is not', async (_, version, extensions) => {
    const bin = await install(version, extensions);
    expect((await findOnMachine(undefined))?.folder).not.toBe(bin);
  });

  test('that root’s user cannot enter is not', async () => {
    const bin = await install('17.9', ['vector', 'btree_gin']);
    expect((await findOnMachine(stranger))?.folder).toBe(bin);
    await chmod(folder, 0o700);
    expect((await findOnMachine(stranger))?.folder).not.toBe(bin);
  });
});

describe('the binaries of a package', () => {
  let root: string;
  let scratch: string;
  beforeEach(async () => {
    [root, scratch] = [join(folder, 'installed'), join(folder, 'scratch')];
    await mkdir(join(root, 'native', 'bin'), { recursive: true });
    await mkdir(join(root, 'native', 'lib'));
    await mkdir(scratch);
    await writeFile(join(root, 'native', 'bin', 'postgres'), '', { mode: 0o755 });
    await writeFile(join(root, 'native', 'lib', 'libicu.so.60.2'), 'rules');
    const link = { source: 'native/lib/libicu.so.60.2', target: 'native/lib/libicu.so.60' };
    await writeFile(join(root, 'native', 'pg-symlinks.json'), JSON.stringify([link]));
  });
  const library = (bin: string) => readFile(join(bin, '..', 'lib', 'libicu.so.60'), 'utf8');
  const noCopy = () => Promise.reject(new Error('needs no copy'));

  test('get their links, by many processes at once and again', async () => {
    const ready = () => readyFolder(root, undefined, noCopy);
    const folders = await Promise.all(Array.from({ length: 20 }, ready));
    expect(new Set([...folders, await ready()])).toEqual(new Set([join(root, 'native', 'bin')]));
    expect(await library(join(root, 'native', 'bin'))).toBe('rules');
  });

  test('are copied where root’s user cannot enter their folder', async () => {
    await chmod(root, 0o700);
    const bin = await readyFolder(root, stranger, async () => scratch);
    expect(bin).toBe(join(scratch, 'native', 'bin'));
    expect(await library(bin)).toBe('rules');
    await chmod(scratch, 0o700);
    await expect(readyFolder(root, stranger, async () => scratch)).rejects.toThrow(
      /stranger, whom root runs it as, may enter neither/,
    );
  });

  test('are copied where no link can be made', async () => {
    await chmod(join(root, 'native', 'lib'), 0o555);
    if (process.getuid?.() === 0) await chown(scratch, stranger.uid, stranger.gid);
    const bin = await asOrdinaryUser(() => readyFolder(root, undefined, async () => scratch));
    await chmod(join(root, 'native', 'lib'), 0o755);
    expect(bin).toBe(join(scratch, 'native', 'bin'));
    expect(await library(bin)).toBe('rules');
  });

  test('are taken as they are where the links were made by npm', async () => {
    await symlink('libicu.so.60.2', join(root, 'native', 'lib', 'libicu.so.60'));
    expect(await readyFolder(root, stranger, noCopy)).toBe(join(root, 'native', 'bin'));
  });
});
