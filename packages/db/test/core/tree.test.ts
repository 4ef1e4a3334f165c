import { createId } from '@paralleldrive/cuid2';
import { NotFoundError } from '@reference/kit';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  assembleTree,
  getDriveTree,
  getSubtree,
  listBreadcrumbs,
  type TreeNode,
  trashPage,
} from '../../src/queries/core.ts';
import { pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

/** `a(b c(d))` */
const outline = (nodes: readonly TreeNode[]): string =>
  nodes
    .map(({ title, children }) => (children.length ? `${title}(${outline(children)})` : title))
    .join(' ');

async function library() {
  const { db } = workspace;
  const [owner, member, stranger] = [await addUser(db), await addUser(db), await addUser(db)];
  const driveId = await addDrive(db, owner);
  await addMember(db, driveId, member, 'MEMBER');
  const [a = '', b = ''] = await addPages(db, driveId, ['a', 'b']);
  const [c = '', d = ''] = await addPages(db, driveId, ['c', 'd'], a);
  const [e = ''] = await addPages(db, driveId, ['e'], c);
  return { db, owner, member, stranger, driveId, a, b, c, d, e };
}

test('a drive’s tree comes in order, without what is in the trash', async () => {
  const { db, owner, driveId, c } = await library();
  const tree = async () => outline(await getDriveTree(db, { userId: owner, driveId }));
  expect(await tree()).toBe('a(c(e) d) b');
  await trashPage(db, { userId: owner, pageId: c });
  expect(await tree()).toBe('a(d) b');
});

test('live pages under a trashed one are pruned, however they got there', async () => {
  const { db, owner, driveId } = await library();
  const [id = ''] = await db
    .insert(pages)
    .values({
      driveId,
      title: 'x',
      type: 'FOLDER',
      position: 9,
      isTrashed: true,
      trashedAt: new Date(),
    })
    .returning({ id: pages.id })
    .then((rows) => rows.map((row) => row.id));
  await addPages(db, driveId, ['orphan'], id);
  expect(outline(await getDriveTree(db, { userId: owner, driveId }))).toBe('a(c(e) d) b');
});

test('whoever does not administer the drive sees the pages granted, lifted to the top', async () => {
  const { db, member, stranger, driveId, c, e } = await library();
  const tree = async (userId: string) => outline(await getDriveTree(db, { userId, driveId }));
  expect(await tree(member)).toBe('');
  await grant(db, c, member, ['canView']);
  expect(await tree(member)).toBe('c');
  await grant(db, e, member, ['canView']);
  expect(await tree(member)).toBe('c(e)');
  await grant(db, e, stranger, ['canView'], new Date(Date.now() - 1000));
  expect(await tree(stranger)).toBe('');
});

test('any page comes back as it is, also one with what separates pages on the way', async () => {
  const { db } = workspace;
  const owner = await addUser(db);
  const title = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
    fc.constantFrom('', '\u001e', 'one\u001eother', '\n', '\\N', '"'),
  );
  const position = fc.float({ noNaN: true, min: Math.fround(-1e29), max: Math.fround(1e29) });
  const odd = fc.nat(20).map((number) => number === 0);
  const page = fc.record({ title, position, parent: fc.nat(), odd });
  await fc.assert(
    fc.asyncProperty(fc.array(page, { maxLength: 12 }), async (choices) => {
      const driveId = await addDrive(db, owner);
      const ids = choices.map((choice) => (choice.odd ? `${createId()}\u001e` : createId()));
      const rows = choices.map(({ title, position, parent }, index) => ({
        ...{ id: ids[index], driveId, title, position, type: 'SHEET' as const },
        parentId: ids[(parent % (index + 1)) - 1] ?? null,
      }));
      if (rows.length > 0) await db.insert(pages).values(rows);
      const flat = await db
        .select()
        .from(pages)
        .where(eq(pages.driveId, driveId))
        .orderBy(pages.position, pages.id);
      const expected = assembleTree(flat, { lift: false });
      expect(await getDriveTree(db, { userId: owner, driveId })).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

describe('a subtree', () => {
  test('begins at the page and ends at what the user may not see', async () => {
    const { db, owner, member, stranger, a, c, e } = await library();
    const subtree = async (userId: string, pageId: string) =>
      outline([await getSubtree(db, { userId, pageId })]);
    expect(await subtree(owner, a)).toBe('a(c(e) d)');
    expect(await subtree(owner, c)).toBe('c(e)');
    await grant(db, a, member, ['canView']);
    await grant(db, e, member, ['canView']);
    expect(await subtree(member, a)).toBe('a');
    await expect(subtree(stranger, a)).rejects.toThrow(NotFoundError);
    await expect(subtree(owner, 'unknown')).rejects.toThrow(NotFoundError);
  });
});

test('breadcrumbs lead from the root to the page, leaving out what is not visible', async () => {
  const { db, owner, member, stranger, a, e } = await library();
  const trail = async (userId: string, pageId: string) =>
    (await listBreadcrumbs(db, { userId, pageId })).map(({ title }) => title);
  expect(await trail(owner, e)).toEqual(['a', 'c', 'e']);
  expect(await trail(owner, a)).toEqual(['a']);
  expect(await trail(stranger, e)).toEqual([]);
  await grant(db, a, member, ['canView']);
  expect(await trail(member, e)).toEqual([]);
  await grant(db, e, member, ['canView']);
  expect(await trail(member, e)).toEqual(['a', 'e']);
});

test('any tree comes back as it was, whatever the order of ids', () => {
  // Each page's parent is one of those before it, or none.
  const parents = fc.array(fc.nat(), { maxLength: 40 });
  fc.assert(
    fc.property(parents, fc.infiniteStream(fc.uuid()), (choices, ids) => {
      const nodes: TreeNode[] = [];
      const roots: TreeNode[] = [];
      for (const [index, choice] of choices.entries()) {
        const parent = nodes[(choice % (index + 1)) - 1];
        const siblings = parent?.children ?? roots;
        const { value: id } = ids.next();
        const node: TreeNode = {
          id,
          parentId: parent?.id ?? null,
          title: `${index}`,
          type: 'FOLDER',
          position: siblings.length,
          children: [],
        };
        siblings.push(node);
        nodes.push(node);
      }
      const flat = nodes.toSorted((one, other) => one.position - other.position);
      expect(assembleTree(flat, { lift: false })).toEqual(roots);
    }),
  );
});

test('pages of an absent parent stand at the top or are left out with what hangs on them', () => {
  const page = fc.record({ parent: fc.option(fc.nat(11)), position: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(page, { maxLength: 9 }), fc.boolean(), (choices, lift) => {
      // A parent below the page's own number is there; the others are not, and so there is no ring.
      const rows = choices.map(({ parent, position }, index) => ({
        id: `${index}`,
        parentId: parent === null ? null : parent < index ? `${parent}` : `absent ${parent}`,
        title: `${index}`,
        type: 'FOLDER' as const,
        position,
      }));
      const key = ({ parentId, position, id }: (typeof rows)[number]) =>
        `${parentId ?? '~'} ${position} ${id}`;
      const sorted = rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
      const under = (isUnder: (parentId: string | null) => boolean): TreeNode[] =>
        sorted
          .filter(({ parentId }) => isUnder(parentId))
          .map((row) => ({
            ...row,
            parentId: isAbsent(row.parentId) ? null : row.parentId,
            children: under((parentId) => parentId === row.id),
          }));
      const isAbsent = (parentId: string | null) => lift && parentId?.startsWith('absent') === true;
      const expected = under((parentId) => parentId === null || isAbsent(parentId));
      expect(assembleTree(sorted, { lift })).toEqual(expected);
    }),
  );
});
