import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordAiUsage } from '../../src/queries/ai.ts';
import {
  appendChatMessage,
  createTag,
  deleteChatMessage,
  deleteTag,
  editChatMessage,
  getDriveTree,
  getPage,
  listChildPages,
  listDrivePages,
  listPagesByTag,
  listPagesMentioning,
  listRecentPages,
  markPageViewed,
  movePage,
  setPageMentions,
  tagPage,
  updatePage,
  updateTag,
} from '../../src/queries/core.ts';
import { makeScene } from '../core/scene.ts';
import { addPages, grant } from '../core/trees.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

// A hidden row must be indistinguishable from one that does not exist.

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

/** A page that the guest sees and edits, under one that they do not see, beside another such. */
async function scene() {
  const made = await makeScene(workspace);
  const { db, driveId, stranger: guest } = made;
  const [hidden = ''] = await addPages(db, driveId, ['hidden']);
  const [seen = '', sibling = '', third = ''] = await addPages(
    db,
    driveId,
    ['seen', 'hidden sibling', 'third'],
    hidden,
  );
  await grant(db, seen, guest, ['canView', 'canEdit']);
  return { ...made, guest, hidden, seen, sibling, third };
}

const messageOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a hidden id gets the answer of an unknown one', () => {
  test('tags', async () => {
    const { db, owner, driveId } = await scene();
    const other = await makeScene(workspace);
    const tag = await createTag(db, { userId: owner, driveId, name: 'tag' });
    for (const call of [
      (tagId: string) => updateTag(db, { userId: other.owner, tagId, changes: { name: 'x' } }),
      (tagId: string) => deleteTag(db, { userId: other.owner, tagId }),
    ]) {
      expect(await messageOf(call(tag.id))).toBe(await messageOf(call('unknown')));
      expect(await messageOf(call(tag.id))).toMatch(/^NotFoundError/);
    }
  });

  test('messages of an AI chat', async () => {
    const { db, owner, guest, hidden } = await scene();
    const message = { pageId: hidden, role: 'user' as const, content: 'secret' };
    const { id } = await appendChatMessage(db, { userId: owner, message });
    for (const call of [
      (messageId: string) => editChatMessage(db, { userId: guest, messageId, content: 'x' }),
      (messageId: string) => deleteChatMessage(db, { userId: guest, messageId }),
    ]) {
      expect(await messageOf(call(id))).toBe(await messageOf(call('unknown')));
      expect(await messageOf(call(id))).toMatch(/^NotFoundError/);
    }
  });

  test('the page of a record of AI usage', async () => {
    const { db, guest, hidden, seen } = await scene();
    const record = async (pageId: string) => {
      const usage = { provider: 'openai' as const, model: 'm', success: true, pageId };
      return (await recordAiUsage(db, { userId: guest, usage })).pageId;
    };
    expect(await record(hidden)).toBeNull();
    expect(await record('unknown')).toBeNull();
    expect(await record(seen)).toBe(seen);
  });

  test('a sibling to move next to', async () => {
    const { db, owner, guest, hidden, seen, sibling, third } = await scene();
    await grant(db, hidden, guest, ['canView', 'canEdit']);
    const move = (before: string, userId = guest) =>
      movePage(db, { userId, pageId: seen, parentId: hidden, place: { before } });
    expect(await messageOf(move(sibling))).toBe(await messageOf(move('unknown')));
    expect(await messageOf(move(sibling))).toMatch(/^InvalidInputError/);
    await grant(db, third, guest, ['canView']);
    expect((await move(third)).id).toBe(seen);
    expect((await move(sibling, owner)).id).toBe(seen);
  });

  test('the parent to stay under', async () => {
    const { db, guest, hidden, seen } = await scene();
    const move = (parentId: string) => movePage(db, { userId: guest, pageId: seen, parentId });
    expect(await messageOf(move(hidden))).toBe(await messageOf(move('unknown')));
    expect(await messageOf(move(hidden))).toMatch(/^NotFoundError/);
  });
});

test('no answer names a parent that the user does not see, and each names one that they do', async () => {
  const { db, owner, guest, driveId, hidden, seen } = await scene();
  const tag = await createTag(db, { userId: owner, driveId, name: 'tag' });
  await tagPage(db, { userId: owner, pageId: seen, tagId: tag.id });
  const [target = ''] = await addPages(db, driveId, ['target']);
  await grant(db, target, guest, ['canView']);
  await setPageMentions(db, { userId: owner, pageId: seen, pageIds: [target] });
  await markPageViewed(db, { userId: guest, pageId: seen });
  const { revision } = (await getPage(db, { userId: guest, pageId: seen })) ?? { revision: 0 };

  const parentsNamed = async (userId: string) => {
    const own = (rows: readonly { id: string; parentId: string | null }[]) =>
      rows.find(({ id }) => id === seen)?.parentId;
    const flat = (nodes: Awaited<ReturnType<typeof getDriveTree>>): typeof nodes =>
      nodes.flatMap((node) => [node, ...flat(node.children)]);
    return [
      (await getPage(db, { userId, pageId: seen }))?.parentId,
      own(flat(await getDriveTree(db, { userId, driveId }))),
      own((await listChildPages(db, { userId, driveId, parentId: hidden })).items),
      own((await listDrivePages(db, { userId, driveId })).items),
      own((await listRecentPages(db, { userId })).items),
      own((await listRecentPages(db, { userId, driveId })).items),
      own((await listPagesByTag(db, { userId, driveId, tagId: tag.id })).items),
      own((await listPagesMentioning(db, { userId, pageId: target })).items),
    ];
  };
  expect(await parentsNamed(guest)).toEqual(Array.from({ length: 8 }, () => null));
  const changed = await updatePage(db, {
    userId: guest,
    pageId: seen,
    revision,
    changes: { title: 'new' },
  });
  expect(changed.parentId).toBeNull();
  await markPageViewed(db, { userId: owner, pageId: seen });
  expect(await parentsNamed(owner)).toEqual(Array.from({ length: 8 }, () => hidden));
  await grant(db, hidden, guest, ['canView']);
  expect(await parentsNamed(guest)).toEqual(Array.from({ length: 8 }, () => hidden));
});
