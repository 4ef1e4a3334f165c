import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  countUnreadInChannels,
  listChannelMessages,
  listConversations,
  listMessages,
  listThreadReplies,
} from '../../src/queries/chat.ts';
import {
  listChatMessages,
  listCommentReplies,
  listPageComments,
  listPageTags,
  searchPages,
} from '../../src/queries/core.ts';
import { listPageFiles } from '../../src/queries/storage.ts';
import * as schema from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { build, driveArbitrary, oracle } from './worlds.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const of = (kind: string, pageId: string) => `${kind} ${pageId}`;

/** Hangs one of each thing on every page, and gives each person a talk with AI about it. */
async function furnish(db: Db, driveId: string, pageIds: string[], people: string[]) {
  const [author = ''] = people;
  const each = <T>(row: (pageId: string) => T): T[] => pageIds.map(row);
  const contentHash = (n: number) => String(n).padStart(64, '0');
  await db.update(schema.pages).set({ content: 'a quince for everyone' });
  await db.insert(schema.pageComments).values([
    ...each((pageId) => ({ id: of('comment', pageId), pageId, authorId: author, content: 'c' })),
    ...each((pageId) => ({
      pageId,
      authorId: author,
      content: 'r',
      parentId: of('comment', pageId),
    })),
  ]);
  await db
    .insert(schema.channelMessages)
    .values([
      ...each((pageId) => ({ id: of('said', pageId), pageId, userId: author, content: 'm' })),
      ...each((pageId) => ({ pageId, userId: author, content: 'r', parentId: of('said', pageId) })),
    ]);
  await db
    .insert(schema.chatMessages)
    .values(each((pageId) => ({ pageId, role: 'assistant' as const, content: 'a' })));
  const files = pageIds.map((_, n) => ({
    id: `file ${n}`,
    contentHash: contentHash(n),
    sizeBytes: 1,
    mimeType: 'image/png',
    storagePath: `store/${n}`,
  }));
  await db.insert(schema.files).values(files).onConflictDoNothing();
  await db
    .insert(schema.filePages)
    .values(pageIds.map((pageId, n) => ({ pageId, fileId: `file ${n}` })));
  await db.insert(schema.tags).values({ id: of('tag', driveId), driveId, name: 'tag' });
  await db
    .insert(schema.pageTags)
    .values(each((pageId) => ({ driveId, pageId, tagId: of('tag', driveId) })));
  const talks = people.flatMap((userId) =>
    each((pageId) => ({ id: `${userId} ${pageId}`, userId, type: 'PAGE' as const, pageId })),
  );
  await db.insert(schema.conversations).values(talks);
  await db
    .insert(schema.messages)
    .values(
      talks.map(({ id }) => ({ conversationId: id, role: 'assistant' as const, content: 'a' })),
    );
}

test('nothing that hangs on a page reaches a person who may not view it, and all reaches who may', async () => {
  const { db } = workspace;
  const people = [await addUser(db), await addUser(db), await addUser(db)];
  await fc.assert(
    fc.asyncProperty(driveArbitrary, async (world) => {
      await db.delete(schema.drives);
      const { driveId, pageIds } = await build(db, world, people);
      if (pageIds.length === 0) return;
      await furnish(db, driveId, pageIds, people);
      for (const [person, userId] of people.entries()) {
        const seen = pageIds.filter((_, n) => {
          const page = world.pages[n];
          return page && oracle(world, person, page).canView;
        });
        const live = seen.filter((id) => !world.pages[pageIds.indexOf(id)]?.isTrashed);
        for (const pageId of pageIds) {
          const asked = { userId, pageId };
          const lists = await Promise.all([
            listPageComments(db, asked),
            listCommentReplies(db, { ...asked, commentId: of('comment', pageId) }),
            listChannelMessages(db, asked),
            listThreadReplies(db, { ...asked, messageId: of('said', pageId) }),
            listChatMessages(db, asked),
            listPageFiles(db, asked),
            listPageTags(db, asked),
            listMessages(db, { userId, conversationId: `${userId} ${pageId}` }),
          ]);
          const one = seen.includes(pageId) ? 1 : 0;
          expect(lists.map(({ items }) => items.length)).toEqual(lists.map(() => one));
        }
        const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
        const found = await searchPages(db, { userId, words: 'quince' });
        expect(idsOf(found.items)).toEqual([...live].sort());
        const unread = await countUnreadInChannels(db, { userId });
        expect(unread.map(({ pageId }) => pageId)).toEqual([...live].sort());
        const talks = await listConversations(db, { userId });
        expect(idsOf(talks.items)).toEqual(seen.map((id) => `${userId} ${id}`).sort());
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
