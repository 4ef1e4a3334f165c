import * as api from '../../src/index.ts';
import type { PageRight } from '../../src/queries/permissions/access.ts';
import type { Asked } from './reads.ts';
import type { WorldDrive, WorldPage } from './world.ts';

/** A write about a page, and the right that it takes. */
interface PageWrite {
  readonly right: PageRight;
  readonly run: (asked: Asked, page: WorldPage) => Promise<unknown>;
}
/** A write about a drive, and who may do it. */
interface DriveWrite {
  readonly for: 'owner' | 'managers' | 'viewers';
  readonly run: (asked: Asked, drive: WorldDrive) => Promise<unknown>;
}

const other = ({ world: { people }, userId }: Asked) => people.find((id) => id !== userId) ?? '';
const upload = {
  contentHash: 'f'.repeat(64),
  sizeBytes: 1,
  mimeType: 'image/png',
  storagePath: 'store/intruder',
};

export const pageWrites: Record<string, PageWrite> = {
  updatePage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.updatePage(db, { userId, pageId, revision: 0, changes: { title: 'x' } }),
  },
  restorePageVersion: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.restorePageVersion(db, { userId, pageId, version: 0, revision: 1 }),
  },
  createShareLink: {
    right: 'canShare',
    run: ({ world: { db }, userId }, { id: pageId }) => api.createShareLink(db, { userId, pageId }),
  },
  revokeShareLink: {
    right: 'canShare',
    run: ({ world: { db }, userId }, { linkId }) => api.revokeShareLink(db, { userId, linkId }),
  },
  movePage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.movePage(db, { userId, pageId, parentId: null, place: 'first' }),
  },
  createPage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: parentId, driveId }) =>
      api.createPage(db, { userId, page: { driveId, parentId, title: 'x', type: 'DOCUMENT' } }),
  },
  trashPage: {
    right: 'canDelete',
    run: ({ world: { db }, userId }, { id: pageId }) => api.trashPage(db, { userId, pageId }),
  },
  markPageViewed: {
    right: 'canView',
    run: ({ world: { db }, userId }, { id: pageId }) => api.markPageViewed(db, { userId, pageId }),
  },
  setPageMentions: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) => api.setPageMentions(db, { userId, pageId }),
  },
  appendChatMessage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.appendChatMessage(db, { userId, message: { pageId, role: 'user', content: 'x' } }),
  },
  editChatMessage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { chatMessageId: messageId }) =>
      api.editChatMessage(db, { userId, messageId, content: 'x' }),
  },
  deleteChatMessage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { chatMessageId: messageId }) =>
      api.deleteChatMessage(db, { userId, messageId }),
  },
  createPageComment: {
    right: 'canView',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.createPageComment(db, { userId, pageId, content: 'x' }),
  },
  editPageComment: {
    right: 'canView',
    run: ({ world: { db }, userId }, { commentId }) =>
      api.editPageComment(db, { userId, commentId, content: 'x' }),
  },
  trashPageComment: {
    right: 'canView',
    run: ({ world: { db }, userId }, { commentId }) =>
      api.trashPageComment(db, { userId, commentId }),
  },
  restorePageComment: {
    right: 'canView',
    run: ({ world: { db }, userId }, { commentId }) =>
      api.restorePageComment(db, { userId, commentId }),
  },
  tagPage: {
    right: 'canEdit',
    run: ({ world: { db, drives }, userId }, { id: pageId }) =>
      api.tagPage(db, { userId, pageId, tagId: drives[0]?.tagId ?? '' }),
  },
  untagPage: {
    right: 'canEdit',
    run: ({ world: { db, drives }, userId }, { id: pageId, driveId }) => {
      const tagId = drives.find(({ id }) => id === driveId)?.tagId ?? '';
      return api.untagPage(db, { userId, pageId, tagId });
    },
  },
  addFavorite: {
    right: 'canView',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.addFavorite(db, { userId, target: { pageId } }),
  },
  appendChannelMessage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.appendChannelMessage(db, { userId, message: { pageId, content: 'x' } }),
  },
  editChannelMessage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { channelMessageId: messageId }) =>
      api.editChannelMessage(db, { userId, messageId, content: 'x' }),
  },
  deleteChannelMessage: {
    right: 'canView',
    run: ({ world: { db }, userId }, { channelMessageId: messageId }) =>
      api.deleteChannelMessage(db, { userId, messageId }),
  },
  addReaction: {
    right: 'canView',
    run: ({ world: { db }, userId }, { channelMessageId: messageId }) =>
      api.addReaction(db, { userId, messageId, emoji: '👍' }),
  },
  removeReaction: {
    right: 'canView',
    run: ({ world: { db }, userId }, { channelMessageId: messageId }) =>
      api.removeReaction(db, { userId, messageId, emoji: '👍' }),
  },
  markChannelRead: {
    right: 'canView',
    run: ({ world: { db }, userId }, { id: pageId }) => api.markChannelRead(db, { userId, pageId }),
  },
  createConversation: {
    right: 'canView',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.createConversation(db, { userId, conversation: { type: 'PAGE', pageId, title: 'x' } }),
  },
  renameConversation: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const conversationId = talks.get(`${userId} ${id}`)?.id ?? '';
      return api.renameConversation(db, { userId, conversationId, title: 'x' });
    },
  },
  archiveConversation: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const conversationId = talks.get(`${userId} ${id}`)?.id ?? '';
      return api.archiveConversation(db, { userId, conversationId });
    },
  },
  appendMessage: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const conversationId = talks.get(`${userId} ${id}`)?.id ?? '';
      const message = { conversationId, role: 'user' as const, content: 'x' };
      return api.appendMessage(db, { userId, message });
    },
  },
  editMessage: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const messageId = talks.get(`${userId} ${id}`)?.messageId ?? '';
      return api.editMessage(db, { userId, messageId, content: 'x' });
    },
  },
  deleteMessage: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) =>
      api.deleteMessage(db, { userId, messageId: talks.get(`${userId} ${id}`)?.messageId ?? '' }),
  },
  updateStreamingMessage: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const messageId = talks.get(`${userId} ${id}`)?.messageId ?? '';
      return api.updateStreamingMessage(db, { userId, messageId, written: { content: 'x' } });
    },
  },
  finishMessage: {
    right: 'canView',
    run: ({ world: { db, talks }, userId }, { id }) => {
      const messageId = talks.get(`${userId} ${id}`)?.messageId ?? '';
      return api.finishMessage(db, { userId, messageId, status: 'COMPLETE' });
    },
  },
  recordUpload: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId }) =>
      api.recordUpload(db, { userId, pageId, upload }),
  },
  removeFileFromPage: {
    right: 'canEdit',
    run: ({ world: { db }, userId }, { id: pageId, fileId }) =>
      api.removeFileFromPage(db, { userId, pageId, fileId }),
  },
  grantPageAccess: {
    right: 'canShare',
    run: (asked, { id: pageId }) =>
      api.grantPageAccess(asked.world.db, {
        actorId: asked.userId,
        pageId,
        userId: other(asked),
      }),
  },
  updatePageGrant: {
    right: 'canShare',
    run: (asked, { id: pageId }) =>
      api.updatePageGrant(asked.world.db, {
        actorId: asked.userId,
        pageId,
        userId: other(asked),
        changes: { note: 'x' },
      }),
  },
  revokePageAccess: {
    right: 'canShare',
    run: (asked, { id: pageId }) =>
      api.revokePageAccess(asked.world.db, { actorId: asked.userId, pageId, userId: other(asked) }),
  },
};

export const driveWrites: Record<string, DriveWrite> = {
  updateDrive: {
    for: 'managers',
    run: ({ world: { db }, userId }, { id: driveId }) =>
      api.updateDrive(db, { userId, driveId, changes: { name: 'x' } }),
  },
  trashDrive: {
    for: 'owner',
    run: ({ world: { db }, userId }, { id: driveId }) => api.trashDrive(db, { userId, driveId }),
  },
  restoreDrive: {
    for: 'owner',
    run: ({ world: { db }, userId }, { id: driveId }) => api.restoreDrive(db, { userId, driveId }),
  },
  restorePage: {
    for: 'managers',
    run: ({ world: { db, pages }, userId }, { id }) => {
      const pageId = pages.find(({ driveId }) => driveId === id)?.id ?? '';
      return api.restorePage(db, { userId, pageId });
    },
  },
  createTag: {
    for: 'managers',
    run: ({ world: { db }, userId }, { id: driveId }) =>
      api.createTag(db, { userId, driveId, name: 'x' }),
  },
  updateTag: {
    for: 'managers',
    run: ({ world: { db }, userId }, { tagId }) =>
      api.updateTag(db, { userId, tagId, changes: { name: 'x' } }),
  },
  deleteTag: {
    for: 'managers',
    run: ({ world: { db }, userId }, { tagId }) => api.deleteTag(db, { userId, tagId }),
  },
  inviteMember: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { id: driveId, token }) =>
      api.inviteMember(db, { actorId, driveId, email: `x-${token}@example.com`, role: 'MEMBER' }),
  },
  revokeInvitation: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { invitationId }) =>
      api.revokeInvitation(db, { actorId, invitationId }),
  },
  createDriveRole: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { id: driveId }) =>
      api.createDriveRole(db, { actorId, driveId, name: 'x' }),
  },
  updateDriveRole: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { roleId }) =>
      api.updateDriveRole(db, { actorId, roleId, changes: { canEdit: true } }),
  },
  deleteDriveRole: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { roleId }) =>
      api.deleteDriveRole(db, { actorId, roleId }),
  },
  assignDriveRole: {
    for: 'managers',
    run: ({ world: { db }, userId: actorId }, { id: driveId, roleId }) =>
      api.assignDriveRole(db, { actorId, driveId, userId: actorId, roleId }),
  },
  changeMemberRole: {
    for: 'managers',
    run: (asked, { id: driveId }) =>
      api.changeMemberRole(asked.world.db, {
        actorId: asked.userId,
        driveId,
        userId: other(asked),
        role: 'MEMBER',
      }),
  },
  removeMember: {
    for: 'managers',
    run: (asked, { id: driveId }) =>
      api.removeMember(asked.world.db, { actorId: asked.userId, driveId, userId: other(asked) }),
  },
  transferOwnership: {
    for: 'owner',
    run: (asked, { id: driveId }) =>
      api.transferOwnership(asked.world.db, {
        actorId: asked.userId,
        driveId,
        userId: other(asked),
      }),
  },
};

/** May the user do that, by the model? */
export function mayWrite(
  { world: { model }, userId }: Asked,
  write: DriveWrite,
  { id }: WorldDrive,
): boolean {
  if (write.for === 'owner') return model.drives.get(id)?.ownerId === userId;
  return write.for === 'managers' ? model.manages(userId, id) : model.sees(userId, id);
}
