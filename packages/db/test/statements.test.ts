// How many statements each query function sends: none sends more for more rows (N+1).
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb } from '../src/client.ts';
import type { Db } from '../src/database.ts';
import * as queries from '../src/index.ts';
import { driveId, pageId, seedWorkspace, userId } from '../src/seed/seed.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let watched: ReturnType<typeof createDb>;
let sent: string[] = [];
beforeAll(async () => {
  workspace = await openWorkspace();
  await seedWorkspace(workspace);
  // One session at a time, for an embedded database.
  await workspace.sql.end();
  // With a threshold of 0 ms every statement is logged as slow: that is how they are counted.
  const logger = pino({}, { write: (line) => sent.push(JSON.parse(line).query) });
  watched = createDb({ url: workspace.url, max: 1, slowQueryMs: 0, logger });
});
afterAll(async () => {
  await watched.close();
  await workspace.close();
});

const ada = userId('ada');
const ben = userId('ben');
const drive = driveId('product');
const plan = pageId('product', 'Launch plan');
const general = pageId('product', 'general');
const assistant = pageId('product', 'Assistant');

/** A read, given how many rows to ask for, and the statements that it takes whatever that is. */
type Read = readonly [(db: Db, limit: number) => Promise<unknown>, number];
const of = { userId: ada, driveId: drive };
const reads: Record<string, Read> = {
  getPageAccess: [(db) => queries.getPageAccess(db, { userId: ada, pageId: plan }), 1],
  getAccessToPages: [
    (db, limit) =>
      queries.getAccessToPages(db, {
        userId: ada,
        pageIds: Array.from({ length: limit }, (_, n) => (n === 0 ? plan : `${n}`)),
      }),
    1,
  ],
  listAccessiblePageIds: [(db, limit) => queries.listAccessiblePageIds(db, { ...of, limit }), 1],
  listPageGrants: [
    (db, limit) => queries.listPageGrants(db, { userId: ada, pageId: plan, limit }),
    1,
  ],
  listDrives: [(db, limit) => queries.listDrives(db, { userId: ada, limit }), 1],
  getDriveTree: [(db) => queries.getDriveTree(db, of), 1],
  getSubtree: [
    (db) => queries.getSubtree(db, { userId: ada, pageId: pageId('product', 'Roadmap') }),
    1,
  ],
  listBreadcrumbs: [(db) => queries.listBreadcrumbs(db, { userId: ada, pageId: plan }), 1],
  listChildPages: [(db, limit) => queries.listChildPages(db, { ...of, parentId: null, limit }), 1],
  listDrivePages: [(db, limit) => queries.listDrivePages(db, { ...of, limit }), 1],
  listRecentPages: [(db, limit) => queries.listRecentPages(db, { userId: ada, limit }), 1],
  listTrashedPages: [(db, limit) => queries.listTrashedPages(db, { ...of, limit }), 1],
  searchPages: [(db, limit) => queries.searchPages(db, { userId: ada, words: 'index', limit }), 1],
  listFavorites: [(db, limit) => queries.listFavorites(db, { userId: ada, limit }), 1],
  listPageComments: [
    (db, limit) => queries.listPageComments(db, { userId: ada, pageId: plan, limit }),
    1,
  ],
  listChatMessages: [
    (db, limit) => queries.listChatMessages(db, { userId: ada, pageId: assistant, limit }),
    1,
  ],
  listTags: [(db, limit) => queries.listTags(db, { ...of, limit }), 1],
  listPageTags: [(db, limit) => queries.listPageTags(db, { userId: ada, pageId: plan, limit }), 1],
  listMentionedPages: [
    (db, limit) => queries.listMentionedPages(db, { userId: ada, pageId: plan, limit }),
    1,
  ],
  listDriveMembers: [(db, limit) => queries.listDriveMembers(db, { ...of, limit }), 1],
  listConversations: [(db, limit) => queries.listConversations(db, { userId: ada, limit }), 1],
  listChannelMessages: [
    (db, limit) => queries.listChannelMessages(db, { userId: ada, pageId: general, limit }),
    1,
  ],
  countUnreadInChannels: [(db) => queries.countUnreadInChannels(db, { userId: ada }), 1],
  listAiUsage: [(db, limit) => queries.listAiUsage(db, { userId: ada, limit }), 1],
  listProviderSettings: [(db) => queries.listProviderSettings(db, { userId: ada }), 1],
  listNotifications: [(db, limit) => queries.listNotifications(db, { userId: ada, limit }), 1],
  countUnreadNotifications: [(db) => queries.countUnreadNotifications(db, { userId: ada }), 1],
  listConnections: [
    (db, limit) => queries.listConnections(db, { userId: ada, status: 'ACCEPTED', limit }),
    1,
  ],
  listDirectConversations: [
    (db, limit) => queries.listDirectConversations(db, { userId: ada, limit }),
    1,
  ],
  listPageFiles: [
    (db, limit) => queries.listPageFiles(db, { userId: ada, pageId: plan, limit }),
    1,
  ],
  listSessions: [(db, limit) => queries.listSessions(db, { userId: ada, limit }), 1],
};

async function statementsOf(run: (db: Db) => Promise<unknown>): Promise<number> {
  sent = [];
  await run(watched.db);
  return sent.filter((text) => /^\s*\(?(select|with|insert|update|delete)/i.test(text)).length;
}

test.each(Object.entries(reads))('%s', async (_, [read, expected]) => {
  expect(await statementsOf((db) => read(db, 1))).toBe(expected);
  expect(await statementsOf((db) => read(db, 50))).toBe(expected);
});

test('a write sends as many, however many it concerns', async () => {
  const write = (mentionedUserIds: string[]) =>
    statementsOf((db) =>
      queries.appendChannelMessage(db, {
        userId: ada,
        message: { pageId: general, content: 'Hello', mentionedUserIds },
      }),
    );
  expect(await write([])).toBe(3);
  const one = await write([ben]);
  expect(await write([ben, userId('chloe'), userId('dmitri'), userId('emi')])).toBe(one);
  const notified = (recipientIds: string[]) =>
    statementsOf((db) =>
      db.transaction((tx) =>
        queries.notify(tx, {
          type: 'MENTION',
          actorId: ada,
          recipientIds,
          words: () => ({ title: 'Title', message: 'Message' }),
        }),
      ),
    );
  expect(await notified([ben])).toBe(3);
  expect(await notified([ben, userId('chloe'), userId('emi')])).toBe(3);
});
