import { InvalidInputError } from '@reference/kit';
import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { listChatMessages } from './chat-messages.ts';
import { getDriveTree } from './drive-tree.ts';
import { getDriveBySlug, listDrives } from './drives.ts';
import { listFavorites } from './favorites.ts';
import { listMentionedPages, listPagesMentioning, listPagesMentioningMe } from './mentions.ts';
import { listCommentReplies, listPageComments } from './page-comments.ts';
import { getPageVersion, listPageVersions, purgePageVersions } from './page-versions.ts';
import { getPage, listChildPages, listDrivePages } from './pages.ts';
import { listRecentPages } from './recent-pages.ts';
import { searchPages } from './search.ts';
import { listBreadcrumbs } from './subtree.ts';
import { listPagesByTag, listPageTags } from './tags.ts';
import { listTrashedPages } from './trash.ts';

/** For ranked or merged answers, which are sorted: no table is read from end to end. */
const scan = ['Seq Scan'] as const;

export const corePlans: readonly HotQuery[] = [
  {
    name: 'getPage',
    run: (db, { userId, pageId }) => getPage(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getDriveBySlug',
    run: (db, { ownerId }) => getDriveBySlug(db, { userId: ownerId, ownerId, slug: 'drive1' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listChildPages of the root and of a page',
    run: async (db, { ownerId: userId, driveId, pageId }) => {
      await listChildPages(db, { userId, driveId, parentId: null });
      await listChildPages(db, { userId, driveId, parentId: pageId });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listChildPages, further pages',
    run: async (db, { ownerId: userId, driveId }) => {
      const page = { userId, driveId, parentId: null, limit: 5 };
      const { nextCursor } = await listChildPages(db, page);
      return listChildPages(db, { ...page, after: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listDrivePages: of a drive, not trashed, latest first, further pages',
    run: async (db, { ownerId: userId, driveId }) => {
      const { nextCursor } = await listDrivePages(db, { userId, driveId, limit: 5 });
      return listDrivePages(db, { userId, driveId, limit: 5, after: nextCursor });
    },
    branch: 0,
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listDrivePages of a guest, from the grants',
    run: (db, { userId, driveId }) => listDrivePages(db, { userId, driveId, limit: 5 }),
    branch: 1,
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listDrivePages of a guest with many grants, searched in order',
    run: (db, { readerId: userId, driveId }) => listDrivePages(db, { userId, driveId, limit: 5 }),
    branch: 1,
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listTrashedPages',
    run: (db, { ownerId: userId, driveId }) => listTrashedPages(db, { userId, driveId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getDriveTree',
    // A drive of more than 50,000 pages is refused by design; the pages read until then count.
    run: (db, { ownerId: userId, driveId }) =>
      getDriveTree(db, { userId, driveId }).catch((error: unknown) => {
        if (!(error instanceof InvalidInputError)) throw error;
      }),
    branch: 0,
    forbidden: [...scanOrSort, 'Index Scan on pages', 'Bitmap Heap Scan on pages'],
    statements: 1,
    // The answer is the whole drive.
    growth: 12,
  },
  {
    name: 'listBreadcrumbs',
    run: (db, { userId, pageId }) => listBreadcrumbs(db, { userId, pageId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listDrives',
    run: (db, { userId }) => listDrives(db, { userId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listRecentPages, further pages',
    run: async (db, { userId }) => {
      const { nextCursor } = await listRecentPages(db, { userId, limit: 5 });
      return listRecentPages(db, { userId, limit: 5, after: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listRecentPages of a drive',
    run: (db, { ownerId: userId, driveId }) => listRecentPages(db, { userId, driveId, limit: 5 }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'searchPages everywhere and in a drive',
    run: async (db, { userId, driveId }) => {
      await searchPages(db, { userId, words: 'quince' });
      await searchPages(db, { userId, driveId, words: 'quince' });
    },
    forbidden: scan,
    statements: 2,
  },
  {
    name: 'listChatMessages, both ways',
    run: async (db, { ownerId: userId, pageId }) => {
      const first = await listChatMessages(db, { userId, pageId, limit: 5 });
      const older = await listChatMessages(db, {
        userId,
        pageId,
        limit: 5,
        after: first.nextCursor,
      });
      await listChatMessages(db, { userId, pageId, limit: 5, before: older.previousCursor });
    },
    forbidden: scanOrSort,
    statements: 3,
  },
  {
    name: 'listPageComments and listCommentReplies',
    run: async (db, { userId, pageId }) => {
      await listPageComments(db, { userId, pageId });
      await listCommentReplies(db, { userId, pageId, commentId: 'comment1' });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'listFavorites',
    run: (db, { userId }) => listFavorites(db, { userId }),
    forbidden: ['Sort', 'Seq Scan on favorites', 'Seq Scan on pages'],
    statements: 1,
  },
  {
    name: 'listPagesMentioning a page that few mention',
    run: (db, { userId }) => listPagesMentioning(db, { userId, pageId: 'page8' }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listPagesMentioning',
    run: (db, { userId, pageId }) => listPagesMentioning(db, { userId, pageId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listPagesMentioning, further pages',
    run: async (db, { ownerId: userId, pageId }) => {
      const { nextCursor } = await listPagesMentioning(db, { userId, pageId, limit: 5 });
      return listPagesMentioning(db, { userId, pageId, limit: 5, after: nextCursor });
    },
    forbidden: scan,
    statements: 2,
  },
  {
    name: 'listPagesMentioningMe',
    run: (db, { ownerId: userId }) => listPagesMentioningMe(db, { userId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listMentionedPages',
    run: (db, { userId, pageId }) => listMentionedPages(db, { userId, pageId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listPagesByTag',
    run: (db, { ownerId: userId, driveId }) =>
      listPagesByTag(db, { userId, driveId, tagId: 'tag100' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listPageTags',
    run: (db, { ownerId: userId, pageId }) => listPageTags(db, { userId, pageId }),
    forbidden: scan,
    statements: 1,
  },
  {
    name: 'listPageVersions',
    run: (db, { ownerId: userId, pageId }) => listPageVersions(db, { userId, pageId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getPageVersion',
    run: (db, { ownerId: userId, pageId }) => getPageVersion(db, { userId, pageId, revision: 0 }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'purgePageVersions',
    // Nothing is that old, so running it for its plan deletes nothing.
    run: (db) => purgePageVersions(db, { before: new Date(0) }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
