import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTag,
  deleteTag,
  listMentionedPages,
  listPagesByTag,
  listPagesMentioning,
  listPagesMentioningMe,
  listPageTags,
  listTags,
  setPageMentions,
  tagPage,
  trashPage,
  untagPage,
  updateTag,
} from '../../src/queries/core.ts';
import { mentions, pageTags } from '../../src/schema/index.ts';
import { addDrive } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);

describe('mentions', () => {
  test('become exactly what the content names', async () => {
    const { db, owner, member, driveId } = await makeScene(workspace);
    const [a = '', b = '', c = ''] = await addPages(db, driveId, ['a', 'b', 'c']);
    const set = (pageIds: string[], userIds: string[] = []) =>
      setPageMentions(db, { userId: owner, pageId: a, pageIds, userIds });
    expect(await set([b, c, b, a], [member])).toEqual({ added: 3, removed: 0 });
    expect(await set([b, c], [member])).toEqual({ added: 0, removed: 0 });
    expect(titles(await listMentionedPages(db, { userId: owner, pageId: a }))).toEqual(['b', 'c']);
    expect(await set([c])).toEqual({ added: 0, removed: 2 });
    expect(titles(await listPagesMentioning(db, { userId: owner, pageId: b }))).toEqual([]);
    expect(titles(await listPagesMentioning(db, { userId: owner, pageId: c }))).toEqual(['a']);
    expect(await set([])).toEqual({ added: 0, removed: 1 });
  });

  test('tell nobody of pages they may not view', async () => {
    const { db, owner, member, stranger, driveId } = await makeScene(workspace);
    const [a = '', b = ''] = await addPages(db, driveId, ['a', 'b']);
    await setPageMentions(db, { userId: owner, pageId: a, pageIds: [b], userIds: [member] });
    await grant(db, b, member, ['canView']);
    const backlinks = (userId: string) => listPagesMentioning(db, { userId, pageId: b });
    const mine = (userId: string) => listPagesMentioningMe(db, { userId });
    const outgoing = (userId: string) => listMentionedPages(db, { userId, pageId: a });
    for (const list of [backlinks, mine, outgoing]) {
      expect(titles(await list(member))).toEqual([]);
      expect(titles(await list(stranger))).toEqual([]);
    }
    await grant(db, a, member, ['canView']);
    expect(titles(await backlinks(member))).toEqual(['a']);
    expect(titles(await mine(member))).toEqual(['a']);
    expect(titles(await outgoing(member))).toEqual(['b']);
    await trashPage(db, { userId: owner, pageId: a });
    expect(titles(await backlinks(owner))).toEqual([]);
  });

  test('refuse targets that are unknown or not visible, and change nothing', async () => {
    const { db, owner, member, driveId } = await makeScene(workspace);
    const [a = '', b = '', c = ''] = await addPages(db, driveId, ['a', 'b', 'c']);
    await setPageMentions(db, { userId: owner, pageId: a, pageIds: [b] });
    await grant(db, a, member, ['canView', 'canEdit']);
    const set = (userId: string, pageIds: string[], userIds: string[] = []) =>
      setPageMentions(db, { userId, pageId: a, pageIds, userIds });
    await expect(set(member, [c])).rejects.toThrow(NotFoundError);
    await expect(set(owner, ['unknownpage'])).rejects.toThrow(NotFoundError);
    await expect(set(owner, [], ['unknownuser'])).rejects.toThrow(NotFoundError);
    await expect(set(owner, ['Not an id'])).rejects.toThrow(InvalidInputError);
    await grant(db, a, member, ['canView']);
    await expect(set(member, [])).rejects.toThrow(ForbiddenError);
    expect(titles(await listMentionedPages(db, { userId: owner, pageId: a }))).toEqual(['b']);
    const both = db
      .insert(mentions)
      .values({ sourceDriveId: driveId, sourcePageId: a, targetPageId: b, targetUserId: owner });
    await expect(both).rejects.toMatchObject({ constraint: 'mentions_target_check' });
  });
});

describe('tags', () => {
  test('are one per name whatever its case, and go on pages of their drive', async () => {
    const { db, owner, driveId } = await makeScene(workspace);
    const [a = '', b = ''] = await addPages(db, driveId, ['a', 'b']);
    const red = await createTag(db, { userId: owner, driveId, name: 'Red', color: '#ff0000' });
    const blue = await createTag(db, { userId: owner, driveId, name: 'blue' });
    const twice = createTag(db, { userId: owner, driveId, name: 'RED' });
    await expect(twice).rejects.toThrow(ConflictError);
    const { items } = await listTags(db, { userId: owner, driveId });
    expect(items.map(({ name }) => name)).toEqual(['blue', 'Red']);
    for (const pageId of [a, a, b]) await tagPage(db, { userId: owner, pageId, tagId: red.id });
    await tagPage(db, { userId: owner, pageId: a, tagId: blue.id });
    const tagged = await listPagesByTag(db, { userId: owner, driveId, tagId: red.id });
    expect(titles(tagged).sort()).toEqual(['a', 'b']);
    const onA = await listPageTags(db, { userId: owner, pageId: a });
    expect(onA.items.map(({ name }) => name)).toEqual(['blue', 'Red']);
    expect(await untagPage(db, { userId: owner, pageId: a, tagId: red.id })).toBe(true);
    expect(await untagPage(db, { userId: owner, pageId: a, tagId: red.id })).toBe(false);
    const renamed = updateTag(db, { userId: owner, tagId: blue.id, changes: { name: 'red' } });
    await expect(renamed).rejects.toThrow(ConflictError);
    await deleteTag(db, { userId: owner, tagId: red.id });
    expect(titles(await listPagesByTag(db, { userId: owner, driveId, tagId: red.id }))).toEqual([]);
  });

  test('are made by owner and ADMIN, put on by who may edit, seen by who may view', async () => {
    const { db, owner, member, stranger, driveId } = await makeScene(workspace);
    const [a = ''] = await addPages(db, driveId, ['a']);
    const make = (userId: string) => createTag(db, { userId, driveId, name: 'x' });
    await expect(make(member)).rejects.toThrow(ForbiddenError);
    await expect(make(stranger)).rejects.toThrow(NotFoundError);
    const { id: tagId } = await make(owner);
    const put = (userId: string) => tagPage(db, { userId, pageId: a, tagId });
    await expect(put(member)).rejects.toThrow(NotFoundError);
    await grant(db, a, member, ['canView']);
    await expect(put(member)).rejects.toThrow(ForbiddenError);
    await put(owner);
    const seen = async (userId: string) => [
      (await listTags(db, { userId, driveId })).items.length,
      (await listPageTags(db, { userId, pageId: a })).items.length,
      (await listPagesByTag(db, { userId, driveId, tagId })).items.length,
    ];
    expect(await seen(member)).toEqual([1, 1, 1]);
    expect(await seen(stranger)).toEqual([0, 0, 0]);
    await expect(deleteTag(db, { userId: stranger, tagId })).rejects.toThrow(NotFoundError);
  });

  test('never leave their drive, whatever the code does', async () => {
    const { db, owner, driveId } = await makeScene(workspace);
    const other = await addDrive(db, owner);
    const [a = ''] = await addPages(db, driveId, ['a']);
    const { id: tagId } = await createTag(db, { userId: owner, driveId: other, name: 'x' });
    await expect(tagPage(db, { userId: owner, pageId: a, tagId })).rejects.toThrow(
      InvalidInputError,
    );
    const raw = db.insert(pageTags).values({ driveId: other, pageId: a, tagId });
    await expect(raw).rejects.toMatchObject({ constraint: 'page_tags_driveId_pageId_fkey' });
  });

  test.skipIf(!capabilities.concurrency)('of one name made at once, one is stored', async () => {
    const { db, owner, driveId } = await makeScene(workspace);
    const made = await Promise.allSettled(
      Array.from({ length: 6 }, () => createTag(db, { userId: owner, driveId, name: 'race' })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
