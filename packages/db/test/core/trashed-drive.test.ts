import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addReaction,
  appendChannelMessage,
  createConversation,
  deleteChannelMessage,
  removeReaction,
} from '../../src/queries/chat.ts';
import {
  createPage,
  createPageComment,
  restorePageComment,
  trashDrive,
  trashPageComment,
  untagPage,
  updateDrive,
  updatePage,
} from '../../src/queries/core.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

test('a drive in the trash is read and not written, by its owner either', async () => {
  const { db, owner: userId, driveId } = await makeScene(workspace);
  const page = { driveId, title: 'channel', type: 'CHANNEL' as const };
  const { id: pageId } = await createPage(db, { userId, page });
  const message = { pageId, content: 'message' };
  const { id: messageId } = await appendChannelMessage(db, { userId, message });
  const reaction = { userId, messageId, emoji: '👍' };
  await addReaction(db, reaction);
  const comment = await createPageComment(db, { userId, pageId, content: 'stays' });
  const taken = await createPageComment(db, { userId, pageId, content: 'taken back' });
  await trashPageComment(db, { userId, commentId: taken.id });
  await trashDrive(db, { userId, driveId });

  const about = { type: 'DRIVE' as const, driveId, title: 'talk' };
  const writes: Record<string, () => Promise<unknown>> = {
    updateDrive: () => updateDrive(db, { userId, driveId, changes: { name: 'new' } }),
    updatePage: () => updatePage(db, { userId, pageId, revision: 0, changes: { title: 'new' } }),
    untagPage: () => untagPage(db, { userId, pageId, tagId: 'tag' }),
    trashPageComment: () => trashPageComment(db, { userId, commentId: comment.id }),
    restorePageComment: () => restorePageComment(db, { userId, commentId: taken.id }),
    deleteChannelMessage: () => deleteChannelMessage(db, { userId, messageId }),
    removeReaction: () => removeReaction(db, reaction),
    createConversation: () => createConversation(db, { userId, conversation: about }),
  };
  for (const [name, write] of Object.entries(writes)) {
    await expect(write(), name).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('in the trash'),
    });
  }
});
