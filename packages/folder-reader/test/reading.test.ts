import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  compareNames,
  hashFile,
  isUnread,
  readText,
  scanFolder,
  UnreadableFile,
} from '../src/index.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(async () => {
  await chmod(join(root, 'locked'), 0o755).catch(() => {});
  await rm(root, { recursive: true });
});

async function put(files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const kindOf = (name: string) => (name.endsWith('.md') ? ('text' as const) : undefined);
const scan = (options: object = {}) => scanFolder(root, { kindOf, ...options });

/** Runs as a user whom permissions bind, which they do not root. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('entries come in the order people count, folders before what they hold; others are counted', async () => {
  await put({ '10.md': '', '9.md': '', 'b/x.md': '', 'b/tool.js': '', 'empty/tool.js': '' });
  const found = await scan();
  expect(found.entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'text 9.md',
    'text 10.md',
    'folder b/',
    'text b/x.md',
  ]);
  expect(found.entries[3]).toEqual({ path: 'b/x.md', kind: 'text', parent: 'b/', name: 'x.md' });
  expect(found).toMatchObject({ otherFiles: 2, problems: [], skipped: [] });
});

test('hidden entries and node_modules are skipped, and named as skipped', async () => {
  await put({ '.git/x.md': '', 'node_modules/a/x.md': '', 'a.md': '' });
  expect((await scan()).skipped).toEqual(['.git/', 'node_modules/']);
  expect((await scan({ all: true })).entries).toHaveLength(6);
});

test('links, pipes and long paths are problems, not absences', async () => {
  await put({ 'a.md': '', 'long-name.md': '' });
  await symlink(join(root, 'a.md'), join(root, 'link.md'));
  await symlink(root, join(root, 'ring'));
  await promisify(execFile)('mkfifo', [join(root, 'pipe.md')]);
  const { problems } = await scan({ maxPathBytes: 11 });
  expect(problems).toEqual([
    { path: 'link.md', reason: 'it is a symbolic link' },
    { path: 'long-name.md', reason: 'its path is longer than 11 bytes' },
    { path: 'pipe.md', reason: 'it is neither a file nor a folder' },
    { path: 'ring', reason: 'it is a symbolic link' },
  ]);
});

test('a name that is not UTF-8 is a problem, of a file and of a folder', async () => {
  const raw = (name: string) =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, 'latin1')]);
  await mkdir(raw('caf\xe9'));
  await writeFile(raw('caf\xe9/in.md'), '');
  await writeFile(raw('th\xe9.md'), '');
  await put({ 'café.md': '' });
  const { entries, problems } = await scan();
  expect(entries.map(({ path }) => path)).toEqual(['café.md']);
  expect(problems.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    'caf\uFFFD/: its name is not UTF-8',
    'th\uFFFD.md: its name is not UTF-8',
  ]);
});

test('a folder or file that may not be read is a problem', async () => {
  await put({ 'locked/x.md': '' });
  await chmod(root, 0o755);
  await chmod(join(root, 'locked', 'x.md'), 0);
  const file = unprivileged(() => readText(join(root, 'locked', 'x.md'), { maxBytes: 10 }));
  await expect(file).rejects.toThrow("it can't be read (EACCES)");
  await chmod(join(root, 'locked'), 0);
  expect(await unprivileged(scan)).toMatchObject({
    entries: [],
    problems: [{ path: 'locked/', reason: "it can't be read (EACCES)" }],
  });
});

test('a folder that does not exist, or is a file, is the system’s error', async () => {
  await put({ 'a.md': '' });
  await expect(scanFolder(join(root, 'none'), { kindOf })).rejects.toMatchObject({
    code: 'ENOENT',
  });
  await expect(scanFolder(join(root, 'a.md'), { kindOf })).rejects.toMatchObject({
    code: 'ENOTDIR',
  });
});

test.each([
  ['a.md', true],
  ['a.md/x', true],
  ['sub/', true],
  ['sub/deep/x.md', true],
  ['was-folder/', true],
  ['was-folder/x.md', true],
  ['subx/y.md', false],
  ['b.md', false],
  ['', false],
])('%j may still be there: %j', (path, expected) => {
  expect(isUnread(path, new Set(['a.md', 'sub/', 'was-folder']))).toBe(expected);
});

const read = (name: string, maxBytes = 1000) => readText(join(root, name), { maxBytes });

test('reads UTF-8, and UTF-16 that says so, without the byte order mark', async () => {
  const utf16le = Buffer.from('\uFEFFthé 🍵', 'utf16le');
  await put({
    'plain.md': 'thé 🍵',
    'bom.md': '\uFEFFthé 🍵',
    'le.md': utf16le,
    'be.md': Buffer.from(utf16le).swap16(),
    'empty.md': '',
  });
  for (const [name, encoding] of [
    ['plain.md', 'utf-8'],
    ['bom.md', 'utf-8'],
    ['le.md', 'utf-16le'],
    ['be.md', 'utf-16be'],
  ] as const) {
    expect(await read(name)).toMatchObject({ text: 'thé 🍵', encoding });
  }
  expect(await read('empty.md')).toEqual({
    text: '',
    encoding: 'utf-8',
    size: 0,
    sha256: createHash('sha256').digest('hex'),
  });
});

test('refuses what it would have to guess, and says why', async () => {
  await put({
    'latin1.md': Buffer.from('caf\xe9', 'latin1'),
    'odd-utf16.md': Buffer.from([0xff, 0xfe, 0x41]),
    'lone-surrogate.md': Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
    'nul.md': 'a\0b',
    'large.md': 'x'.repeat(1001),
    'fits.md': 'x'.repeat(1000),
    'folder/x.md': '',
  });
  await symlink(join(root, 'nul.md'), join(root, 'link.md'));
  await promisify(execFile)('mkfifo', [join(root, 'pipe.md')]);
  const reason = async (name: string) => {
    const error: unknown = await read(name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableFile);
    return error instanceof Error ? error.message : '';
  };
  expect(await reason('latin1.md')).toBe('it is not UTF-8 text');
  expect(await reason('odd-utf16.md')).toBe('it is not UTF-16LE text');
  expect(await reason('lone-surrogate.md')).toBe('it is not UTF-16LE text');
  expect(await reason('nul.md')).toBe('it holds NUL characters, so it is no text');
  expect(await reason('large.md')).toBe('it has 1001 bytes; at most 1000 are taken');
  expect(await reason('link.md')).toBe('it is a symbolic link');
  expect(await reason('pipe.md')).toBe('it is neither a file nor a folder');
  expect(await reason('folder')).toBe('it is neither a file nor a folder');
  expect(await reason('gone.md')).toBe("it can't be read (ENOENT)");
  expect((await read('fits.md')).size).toBe(1000);
});

test('hashes a file of any size, and no link', async () => {
  const content = Buffer.alloc(300_000, 'x');
  await put({ 'image.png': content });
  await symlink(join(root, 'image.png'), join(root, 'link.png'));
  expect(await hashFile(join(root, 'image.png'))).toEqual({
    size: 300_000,
    sha256: createHash('sha256').update(content).digest('hex'),
  });
  await expect(hashFile(join(root, 'link.png'))).rejects.toThrow('it is a symbolic link');
});

test('names are ordered as people count, and only a name equals itself', () => {
  expect(['10', '9', 'b', 'A', 'a'].sort(compareNames)).toEqual(['9', '10', 'a', 'A', 'b']);
  expect(compareNames('01', '1')).not.toBe(0);
  expect(compareNames('1', '1')).toBe(0);
});
