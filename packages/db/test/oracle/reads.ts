import * as api from '../../src/index.ts';
import type { World, WorldDrive, WorldPage } from './world.ts';

/** The reader, and the objects they ask for. */
export interface Asked {
  readonly world: World;
  readonly userId: string;
}
type PageRead = (asked: Asked, page: WorldPage) => Promise<unknown>;
type DriveRead = (asked: Asked, drive: WorldDrive) => Promise<unknown>;
type Read = (asked: Asked) => Promise<unknown>;

const all = { limit: 100 };

/** Reads about one page: shown to who may view it, the same as for an unknown page to anyone else. */
export const pageReads: Record<string, PageRead> = {
  getPage: ({ world: { db }, userId }, { id }) => api.getPage(db, { userId, pageId: id }),
  requirePage: ({ world: { db }, userId }, { id }) => api.requirePage(db, { userId, pageId: id }),
  listBreadcrumbs: ({ world: { db }, userId }, { id }) =>
    api.listBreadcrumbs(db, { userId, pageId: id }),
  listChatMessages: ({ world: { db }, userId }, { id }) =>
    api.listChatMessages(db, { userId, pageId: id, ...all }),
  listPageComments: ({ world: { db }, userId }, { id }) =>
    api.listPageComments(db, { userId, pageId: id, ...all }),
  listCommentReplies: ({ world: { db }, userId }, { id, commentId }) =>
    api.listCommentReplies(db, { userId, pageId: id, commentId, ...all }),
  getCommentThread: ({ world: { db }, userId }, { commentId }) =>
    api.getCommentThread(db, { userId, commentId }),
  listChannelMessages: ({ world: { db }, userId }, { id }) =>
    api.listChannelMessages(db, { userId, pageId: id, ...all }),
  listThreadReplies: ({ world: { db }, userId }, { id, channelMessageId }) =>
    api.listThreadReplies(db, { userId, pageId: id, messageId: channelMessageId, ...all }),
  listPageFiles: ({ world: { db }, userId }, { id }) =>
    api.listPageFiles(db, { userId, pageId: id, ...all }),
  getConversation: ({ world: { db, talks }, userId }, { id }) =>
    api.getConversation(db, { userId, conversationId: talks.get(`${userId} ${id}`)?.id ?? id }),
  requireConversation: ({ world: { db, talks }, userId }, { id }) =>
    api.requireConversation(db, { userId, conversationId: talks.get(`${userId} ${id}`)?.id ?? id }),
  listMessages: ({ world: { db, talks }, userId }, { id }) =>
    api.listMessages(db, {
      userId,
      conversationId: talks.get(`${userId} ${id}`)?.id ?? id,
      ...all,
    }),
};

/** The same, for what need not show anything of the page itself. */
export const quietPageReads: Record<string, PageRead> = {
  listPageTags: ({ world: { db }, userId }, { id }) =>
    api.listPageTags(db, { userId, pageId: id, ...all }),
  listPageGrants: ({ world: { db }, userId }, { id }) =>
    api.listPageGrants(db, { userId, pageId: id, ...all }),
  listShareLinks: ({ world: { db }, userId }, { id }) =>
    api.listShareLinks(db, { userId, pageId: id, ...all }),
  listPageVersions: ({ world: { db }, userId }, { id }) =>
    api.listPageVersions(db, { userId, pageId: id, ...all }),
  getPageVersion: ({ world: { db }, userId }, { id }) =>
    api.getPageVersion(db, { userId, pageId: id, revision: 0 }),
  requirePageVersion: ({ world: { db }, userId }, { id }) =>
    api.requirePageVersion(db, { userId, pageId: id, revision: 0 }),
  diffPageVersions: ({ world: { db }, userId }, { id }) =>
    api.diffPageVersions(db, { userId, pageId: id, from: 0, to: 1 }),
  listMentionedPages: ({ world: { db }, userId }, { id }) =>
    api.listMentionedPages(db, { userId, pageId: id, ...all }),
  getSubtree: ({ world: { db }, userId }, { id }) => api.getSubtree(db, { userId, pageId: id }),
};

/** Reads about one drive: they show these pages of it. */
export const driveReads: Record<
  string,
  { run: DriveRead; shows: (asked: Asked, drive: WorldDrive) => string[] }
> = {
  getDriveTree: {
    run: ({ world: { db }, userId }, { id }) => api.getDriveTree(db, { userId, driveId: id }),
    shows: liveOfDrive,
  },
  listDrivePages: {
    run: ({ world: { db }, userId }, { id }) =>
      api.listDrivePages(db, { userId, driveId: id, ...all }),
    shows: liveOfDrive,
  },
  listChildPages: {
    run: async ({ world: { db, pages }, userId }, { id: driveId }) => [
      await api.listChildPages(db, { userId, driveId, parentId: null, ...all }),
      ...(await Promise.all(
        pages.map(({ id: parentId }) =>
          api.listChildPages(db, { userId, driveId, parentId, ...all }),
        ),
      )),
    ],
    shows: liveOfDrive,
  },
  listTrashedPages: {
    run: ({ world: { db }, userId }, { id }) =>
      api.listTrashedPages(db, { userId, driveId: id, ...all }),
    shows: () => [],
  },
  listAccessiblePageIds: {
    run: ({ world: { db }, userId }, { id }) =>
      api.listAccessiblePageIds(db, { userId, driveId: id, ...all }),
    shows: ({ world: { model }, userId }, { id }) => model.visible(userId, id),
  },
  listPagesByTag: {
    run: ({ world: { db }, userId }, { id, tagId }) =>
      api.listPagesByTag(db, { userId, driveId: id, tagId, ...all }),
    shows: (asked, drive) => furnished(asked, liveOfDrive(asked, drive)),
  },
};

/** Reads about one drive that show no page: the same as for an unknown drive to who does not see it. */
export const quietDriveReads: Record<string, DriveRead> = {
  getDrive: ({ world: { db }, userId }, { id }) => api.getDrive(db, { userId, driveId: id }),
  requireDrive: ({ world: { db }, userId }, { id }) =>
    api.requireDrive(db, { userId, driveId: id }),
  getDriveBySlug: async ({ world: { db, model }, userId }, { id, slug }) =>
    api.getDriveBySlug(db, { userId, ownerId: model.drives.get(id)?.ownerId ?? '', slug }),
  listTags: ({ world: { db }, userId }, { id }) =>
    api.listTags(db, { userId, driveId: id, ...all }),
  listDriveMembers: ({ world: { db }, userId }, { id }) =>
    api.listDriveMembers(db, { userId, driveId: id, ...all }),
  listDriveRoles: ({ world: { db }, userId }, { id }) =>
    api.listDriveRoles(db, { userId, driveId: id, ...all }),
  listInvitations: ({ world: { db }, userId }, { id }) =>
    api.listInvitations(db, { userId, driveId: id, ...all }),
};

/** Reads about all that a person sees: they show these pages. */
export const wideReads: Record<string, { run: Read; shows: (asked: Asked) => string[] }> = {
  searchPages: {
    run: async ({ world: { db, drives }, userId }) => [
      await api.searchPages(db, { userId, words: 'quince', ...all }),
      ...(await Promise.all(
        drives.map(({ id: driveId }) =>
          api.searchPages(db, { userId, words: 'quince', driveId, ...all }),
        ),
      )),
    ],
    shows: (asked) => furnished(asked, liveOfAll(asked)),
  },
  listRecentPages: {
    run: async ({ world: { db, drives }, userId }) => [
      await api.listRecentPages(db, { userId, ...all }),
      ...(await Promise.all(
        drives.map(({ id: driveId }) => api.listRecentPages(db, { userId, driveId, ...all })),
      )),
    ],
    shows: (asked) => furnished(asked, liveOfAll(asked)),
  },
  countUnreadInChannels: {
    run: async ({ world: { db, drives }, userId }) => [
      await api.countUnreadInChannels(db, { userId }),
      ...(await Promise.all(
        drives.map(({ id: driveId }) => api.countUnreadInChannels(db, { userId, driveId })),
      )),
    ],
    shows: (asked) => liveOfAll(asked),
  },
  listConversations: {
    run: ({ world: { db }, userId }) => api.listConversations(db, { userId, ...all }),
    shows: (asked) => furnished(asked, asked.world.model.visible(asked.userId)),
  },
  listFavorites: {
    run: ({ world: { db }, userId }) => api.listFavorites(db, { userId, ...all }),
    shows: () => [],
  },
  listPagesMentioning: {
    run: ({ world: { db, pages }, userId }) =>
      Promise.all(
        pages.map(({ id: pageId }) => api.listPagesMentioning(db, { userId, pageId, ...all })),
      ),
    shows: () => [],
  },
  listPagesMentioningMe: {
    run: ({ world: { db }, userId }) => api.listPagesMentioningMe(db, { userId, ...all }),
    shows: (asked) => furnished(asked, liveOfAll(asked)),
  },
  listDrives: {
    run: async ({ world: { db }, userId }) => [
      await api.listDrives(db, { userId, ...all }),
      await api.listDrives(db, { userId, trashed: true, ...all }),
    ],
    shows: () => [],
  },
};

function liveOfDrive({ world: { model }, userId }: Asked, { id }: WorldDrive): string[] {
  return model.live(model.visible(userId, id));
}
function liveOfAll({ world: { model }, userId }: Asked): string[] {
  return model.live(model.visible(userId));
}
/** Selects the pages that were created with every kind of child row. */
function furnished({ world }: Asked, pageIds: readonly string[]): string[] {
  return pageIds.filter((id) => world.pages.some((page) => page.id === id));
}
