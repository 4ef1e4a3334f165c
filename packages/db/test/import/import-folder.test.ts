import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConflictError, InvalidInputError, NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { importFolder } from '../../src/import/import-folder.ts';
import {
  createPage,
  getDriveTree,
  listMentionedPages,
  movePage,
  restorePage,
  searchPages,
  type TreeNode,
  trashDrive,
  trashPage,
  updatePage,
} from '../../src/queries/core.ts';
import { drives, pages } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

let root: string;
let email: string;
let userId: string;
let counter = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'import-'));
  email = `importer${++counter}@example.com`;
  userId = await addUser(workspace.db, email);
});
afterEach(async () => {
  await chmod(join(root, 'sub'), 0o755).catch(() => {});
  await rm(root, { recursive: true });
});

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

async function put(files: Record<string, string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

const run = (options: object = {}) =>
  importFolder(workspace.db, { folder: root, drive: 'Docs', email, ...options });

const outline = (nodes: readonly TreeNode[]): string =>
  nodes
    .map(({ title, children }) => (children.length ? `${title}(${outline(children)})` : title))
    .join(' | ');

async function tree(): Promise<string> {
  const [drive] = await workspace.db
    .select({ id: drives.id })
    .from(drives)
    .where(eq(drives.ownerId, userId));
  return outline(await getDriveTree(workspace.db, { userId, driveId: drive?.id ?? '' }));
}

async function page(path: string) {
  const rows = await workspace.db
    .select({
      id: pages.id,
      driveId: pages.driveId,
      type: pages.type,
      title: pages.title,
      position: pages.position,
      revision: pages.revision,
      isTrashed: pages.isTrashed,
      contentHash: pages.contentHash,
      mimeType: pages.mimeType,
      fileSize: pages.fileSize,
    })
    .from(pages)
    .innerJoin(drives, eq(drives.id, pages.driveId))
    .where(eq(drives.ownerId, userId));
  const paths = await workspace.db.select({ id: pages.id, filePath: pages.filePath }).from(pages);
  const id = paths.find(
    (row) => row.filePath === path && rows.some((own) => own.id === row.id),
  )?.id;
  const found = rows.find((row) => row.id === id);
  if (!found) throw new Error(`no page of ${path}`);
  return found;
}

test('folders, documents and images become a tree in order', async () => {
  await put({
    '2-guide/10-last.md': '# Last',
    '2-guide/9-first.md': 'Intro\n\n# First *thing*\n\n# Second',
    '1-intro.md': '---\ntitle: Welcome\n---\nNo heading here.',
    'notes.txt': '# not a heading in plain text',
    'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]),
    'empty/inner/program.js': 'left out',
    '.hidden/x.md': '# Hidden',
    'node_modules/a/readme.md': '# Module',
  });
  const summary = await run();
  expect(summary).toMatchObject({
    created: 6,
    updated: 0,
    unchanged: 0,
    trashed: 0,
    otherFiles: 1,
  });
  expect(summary.problems).toEqual([]);
  expect(await tree()).toBe('Welcome | 2-guide(First thing | Last) | logo.png | notes');
  expect(await page('logo.png')).toMatchObject({
    type: 'FILE',
    mimeType: 'image/png',
    fileSize: 5,
    contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await page('2-guide/')).toMatchObject({ type: 'FOLDER' });
  expect((await run({ all: true })).created).toBe(5);
});

test('links between files become mentions; others do not', async () => {
  await put({
    'a.md': [
      '[b](sub/b.md#part) [twice](./sub/b.md) [folder](sub/) [no extension](sub/c)',
      '![image](img/x%20y.png) [root](/sub/d.txt) [self](a.md) [ref][r]',
      '[web](https://example.com/b.md) [mail](mailto:a@b.c) [out](../../etc/passwd.md) [gone](z.md)',
      '`[code](sub/e.md)` [bad](%E0%A4%A) [anchor](#x) [proto](//host/sub/b.md)',
      '',
      '[r]: sub/f.md "Title"',
    ].join('\n'),
    'sub/b.md': '# B\n[up](../a.md)',
    'sub/c.md': '# C',
    'sub/d.txt': 'D',
    'sub/e.md': '# E',
    'sub/f.md': '# F',
    'img/x y.png': 'png',
  });
  const { mentionsAdded } = await run();
  expect(mentionsAdded).toBe(7);
  const { id } = await page('a.md');
  const { items } = await listMentionedPages(workspace.db, { userId, pageId: id });
  expect(new Set(items.map(({ title }) => title))).toEqual(
    new Set(['B', 'C', 'F', 'd', 'sub', 'x y.png']),
  );
});

test('a second import changes only what differs', async () => {
  await put({ 'a.md': '# A\n[c](c.md)', 'b.md': '# B', 'c.md': '# C', 'sub/d.md': '# D' });
  await run();
  const before = await page('b.md');
  expect(await run()).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 5,
    trashed: 0,
    mentionsAdded: 0,
  });

  await put({ 'b.md': '# B2', 'ab.md': '# AB' });
  await rm(join(root, 'c.md'));
  const second = await run();
  expect(second).toMatchObject({
    created: 1,
    updated: 1,
    unchanged: 3,
    trashed: 1,
    mentionsRemoved: 1,
  });
  expect(await tree()).toBe('A | AB | B2 | sub(D)');
  expect(await page('b.md')).toMatchObject({
    id: before.id,
    position: before.position,
    revision: 1,
  });
  expect(await page('c.md')).toMatchObject({ isTrashed: true });

  const { id } = await page('c.md');
  await put({ 'c.md': '# C is back' });
  expect(await run()).toMatchObject({ created: 0, updated: 1, restored: 1, mentionsAdded: 1 });
  expect(await page('c.md')).toMatchObject({ id, isTrashed: false, title: 'C is back' });
  expect(await tree()).toBe('A | AB | B2 | C is back | sub(D)');
});

test('a folder that goes takes what people made in it, and comes back with it', async () => {
  await put({ 'keep.md': '# Keep', 'sub/deep/x.md': '# X', 'sub/y.md': '# Y' });
  const { drive } = await run();
  const folder = await page('sub/');
  await createPage(workspace.db, {
    userId,
    page: { driveId: drive.id, parentId: folder.id, title: 'Made by hand', type: 'DOCUMENT' },
  });
  await rm(join(root, 'sub'), { recursive: true });
  expect((await run()).trashed).toBe(5);
  expect(await tree()).toBe('Keep');
  await put({ 'sub/y.md': '# Y' });
  expect(await run()).toMatchObject({ created: 0, restored: 5, trashed: 2 });
  expect(await tree()).toBe('Keep | sub(Y | Made by hand)');
});

test('a file that becomes a folder, and back', async () => {
  await put({ 'thing.md': '# File' });
  await run();
  await rm(join(root, 'thing.md'));
  await put({ 'thing.md/inner.md': '# Inner' });
  expect(await run({ replace: true })).toMatchObject({ created: 2, trashed: 1 });
  expect(await tree()).toBe('thing.md(Inner)');
  await rm(join(root, 'thing.md'), { recursive: true });
  await put({ 'thing.md': '# File' });
  expect(await run({ replace: true })).toMatchObject({ created: 0, restored: 1, trashed: 2 });
  expect(await tree()).toBe('File');
});

test('what people moved or trashed comes back to where the folder has it', async () => {
  await put({ 'a/x.md': '# X', 'b/y.md': '# Y' });
  await run();
  const [a, b] = [await page('a/'), await page('b/')];
  await movePage(workspace.db, { userId, pageId: (await page('a/x.md')).id, parentId: b.id });
  await trashPage(workspace.db, { userId, pageId: b.id });
  expect(await tree()).toBe('a');
  await run();
  expect(await tree()).toBe('a(X) | b(Y)');
  expect((await page('a/')).id).toBe(a.id);
});

test('files that are no text are reported and skipped; their pages stay', async () => {
  await put({
    'good.md': '# Good',
    'was-good.md': '# Was good',
    'latin1.md': Buffer.from([0x23, 0x20, 0xe9, 0x74, 0xe9]),
    'nul.md': 'a\0b',
    'bom.md': '\uFEFF# With BOM',
    'empty.md': '',
    'crlf.md': '# Windows\r\n\r\ntext\r\n',
  });
  await symlink(join(root, 'good.md'), join(root, 'link.md'));
  const { problems, created } = await run();
  expect(problems.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
    'link.md: it is a symbolic link',
    'latin1.md: it is not UTF-8 text',
    'nul.md: it holds NUL characters, so it is no text',
  ]);
  expect(created).toBe(5);
  await put({ 'was-good.md': Buffer.from([0xff, 0xfe, 0x00]) });
  expect(await run()).toMatchObject({ trashed: 0, unchanged: 5 });
  expect(await tree()).toBe('With BOM | Windows | empty | Good | Was good');
});

test('refuses another folder, an unknown person, a missing folder, and leaves all as it was', async () => {
  await put({ 'a.md': '# A' });
  await run();
  await rm(join(root, 'a.md'));
  await put({ 'other.md': '# Other' });
  await expect(run()).rejects.toThrow(/import of another folder/);
  expect(await tree()).toBe('A');
  expect((await run({ replace: true })).created).toBe(1);
  expect(await tree()).toBe('Other');
  await expect(run({ email: 'nobody@example.com' })).rejects.toThrow(NotFoundError);
  await expect(run({ folder: join(root, 'missing') })).rejects.toThrow(InvalidInputError);
  await expect(run({ folder: join(root, 'other.md') })).rejects.toThrow(/ENOTDIR/);
});

test('thousands of files in one folder, with the same title', async () => {
  await put(
    Object.fromEntries(
      Array.from({ length: 1200 }, (_, n) => [`f${n}.md`, '# Same\n\nsame words']),
    ),
  );
  const steps: string[] = [];
  const { created } = await run({
    onProgress: ({ step, done, total }: { step: string; done: number; total: number }) => {
      if (done === total) steps.push(`${step} ${total}`);
    },
  });
  expect(created).toBe(1200);
  expect(steps).toEqual(['read 1200', 'store 1200']);
  expect((await run()).unchanged).toBe(1200);
});

test('what was imported is found by its owner and by nobody else', async () => {
  await put({ 'a.md': '# Kumquat marmalade' });
  await run();
  const stranger = await addUser(workspace.db);
  const find = (who: string) => searchPages(workspace.db, { userId: who, words: 'kumquat' });
  expect((await find(userId)).items).toHaveLength(1);
  expect((await find(stranger)).items).toEqual([]);
});

test('an empty folder trashes nothing without --replace', async () => {
  await put({ 'a.md': '# A', 'sub/b.md': '# B' });
  await run();
  await rm(join(root, 'a.md'));
  await rm(join(root, 'sub'), { recursive: true });
  await expect(run()).rejects.toThrow(/holds nothing to import/);
  await put({ 'program.js': 'no page is made of it' });
  await expect(run()).rejects.toThrow(InvalidInputError);
  expect(await tree()).toBe('A | sub(B)');
  expect(await run({ replace: true })).toMatchObject({ created: 0, trashed: 3 });
});

test('an empty folder into an empty drive is an import of nothing', async () => {
  expect(await run()).toMatchObject({ created: 0, trashed: 0 });
  expect(await run()).toMatchObject({ created: 0, trashed: 0 });
});

test('what lies in a folder that may not be read stays, with the folders above it', async () => {
  await put({ 'a.md': '# A\n[x](sub/deep/x.md)', 'sub/deep/x.md': '# X', 'z.md': '# Z' });
  await run();
  await chmod(root, 0o755);
  await chmod(join(root, 'sub'), 0);
  await rm(join(root, 'z.md'));
  expect(await unprivileged(run)).toMatchObject({
    trashed: 1,
    unchanged: 4,
    mentionsRemoved: 0,
    problems: [{ path: 'sub/', reason: "it can't be read (EACCES)" }],
  });
  expect(await tree()).toBe('A | sub(deep(X))');
});

test('a folder that may not be read saves its own pages only: another folder is still refused', async () => {
  await put({ 'a.md': '# A', 'sub/x.md': '# X' });
  await run();
  await rm(join(root, 'a.md'));
  await put({ 'other.md': '# Other' });
  await chmod(root, 0o755);
  await chmod(join(root, 'sub'), 0);
  await expect(unprivileged(run)).rejects.toThrow(/import of another folder/);
  expect(await tree()).toBe('A | sub(X)');
});

test('what a link took the place of is left out and stays', async () => {
  await put({ 'a.md': '# A', 'b.md': '# B', 'sub/deep/x.md': '# X', 'sub/y.md': '# Y' });
  await run();
  await rm(join(root, 'b.md'));
  await symlink(join(root, 'a.md'), join(root, 'b.md'));
  await rename(join(root, 'sub'), join(root, 'elsewhere'));
  await symlink(join(root, 'elsewhere'), join(root, 'sub'));
  const summary = await run();
  expect(summary).toMatchObject({ trashed: 0, created: 4 });
  expect(summary.problems.map(({ path }) => path)).toEqual(['b.md', 'sub']);
  expect(await tree()).toBe('A | B | elsewhere(deep(X) | Y) | sub(deep(X) | Y)');
});

test('a hidden file that was imported with --all stays when it is not looked at', async () => {
  await put({ 'a.md': '# A', '.notes/x.md': '# Hidden' });
  await run({ all: true });
  expect(await run()).toMatchObject({ trashed: 0, unchanged: 3 });
  expect(await tree()).toBe('.notes(Hidden) | A');
  await rm(join(root, '.notes'), { recursive: true });
  expect(await run()).toMatchObject({ trashed: 2 });
});

test('the folder wins over what was edited in a page since, also when the file is the same', async () => {
  await put({ 'a.md': '# A\n\nfrom the folder', 'sub/b.md': '# B', 'logo.png': 'png' });
  await run();
  const edit = async (path: string, changes: { title?: string; content?: string }) => {
    const { id: pageId, revision } = await page(path);
    await updatePage(workspace.db, { userId, pageId, revision, changes });
  };
  await edit('a.md', { content: 'edited by hand' });
  await edit('sub/', { title: 'Renamed' });
  await edit('logo.png', { title: 'Renamed too' });
  expect(await tree()).toBe('A | logo.png | Renamed(B)'.replace('logo.png', 'Renamed too'));
  expect(await run()).toMatchObject({ updated: 3, unchanged: 1 });
  expect(await tree()).toBe('A | logo.png | sub(B)');
  const { id } = await page('a.md');
  const [stored] = await workspace.db
    .select({ content: pages.content, revision: pages.revision })
    .from(pages)
    .where(eq(pages.id, id));
  expect(stored).toEqual({ content: '# A\n\nfrom the folder', revision: 2 });
  expect(await run()).toMatchObject({ updated: 0, unchanged: 4 });
});

test('an edit of a page whose file cannot be read stays until it can', async () => {
  await put({ 'a.md': '# A', 'b.md': '# B' });
  await run();
  const { id: pageId, revision } = await page('a.md');
  await updatePage(workspace.db, { userId, pageId, revision, changes: { title: 'Edited' } });
  await put({ 'a.md': Buffer.from([0xff]) });
  expect(await run()).toMatchObject({ updated: 0 });
  expect(await tree()).toBe('Edited | B');
  await put({ 'a.md': '# A' });
  expect(await run()).toMatchObject({ updated: 1 });
  expect(await tree()).toBe('A | B');
});

test('a drive in the trash is refused, and stays as it is', async () => {
  await put({ 'a.md': '# A' });
  const { drive } = await run();
  await trashDrive(workspace.db, { userId, driveId: drive.id });
  await put({ 'b.md': '# B' });
  await expect(run()).rejects.toThrow(ConflictError);
  expect(await tree()).toBe('A');
});

test('UTF-16 is read, a name that is not UTF-8 is reported, and front matter is YAML', async () => {
  await put({
    'utf16.md': Buffer.from('\uFEFF# Sechzehn', 'utf16le'),
    'comment.md': '---\ntitle: "Quoted: title" # comment\n---\n\nText\n',
    'folded.md': '---\ntitle: >\n  folded\n  title\n---\ntext\n',
  });
  const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from('th\xe9.md', 'latin1')]);
  await writeFile(path, '# Tea');
  const { problems, created } = await run();
  expect(created).toBe(3);
  expect(problems).toEqual([{ path: 'th\uFFFD.md', reason: 'its name is not UTF-8' }]);
  expect(await tree()).toBe('Quoted: title | folded title | Sechzehn');
});

test('the mentions of a page in the trash are there when it is restored', async () => {
  await put({ 'a.md': '# A\n[b](b.md)', 'b.md': '# B', 'c.md': '# C' });
  await run();
  await rm(join(root, 'a.md'));
  expect(await run()).toMatchObject({ trashed: 1, mentionsRemoved: 0 });
  const { id: pageId } = await page('a.md');
  await restorePage(workspace.db, { userId, pageId });
  const { items } = await listMentionedPages(workspace.db, { userId, pageId });
  expect(items.map(({ title }) => title)).toEqual(['B']);
});
