import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  appendChatMessage,
  createDrive,
  movePage,
  setPageMentions,
  trashPage,
  updateDrive,
} from '../../src/queries/core.ts';
import { transferOwnership } from '../../src/queries/members.ts';
import { deleteUnusedFiles, recordUpload } from '../../src/queries/storage.ts';
import { upsertPlan } from '../../src/queries/subscriptions.ts';
import { chatMessages, filePages, files, mentions, pages } from '../../src/schema/index.ts';
import { addMember, addUser } from '../people.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages } from './trees.ts';

let workspace: Workspace;
let racers: Racers;
beforeAll(async () => {
  workspace = await openWorkspace();
  racers = openRacers(workspace);
});
afterAll(async () => {
  await racers.close();
  await workspace.close();
});

interface MentionScene {
  readonly userId: string;
  readonly page: string;
  readonly sets: readonly string[][];
}

describe.skipIf(!capabilities.concurrency)('changes of one page, at once', () => {
  test('setPageMentions × setPageMentions: exactly one of the two sets stays', async () => {
    await race({
      name: 'setPageMentions × setPageMentions',
      connections: racers.connections,
      setup: async () => {
        const scene = await makeScene(workspace);
        const [page = '', a = '', b = '', c = ''] = await addPages(scene.db, scene.driveId, [
          'page',
          'a',
          'b',
          'c',
        ]);
        return { userId: scene.owner, page, sets: [[a, b].sort(), [b, c].sort()] };
      },
      calls: [0, 1].map(
        (which) =>
          (db: Db, { userId, page: pageId, sets }: MentionScene) =>
            setPageMentions(db, { userId, pageId, pageIds: sets[which] ?? [] }),
      ),
      check: async ({ page, sets }, outcomes) => {
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        const rows = await workspace.db
          .select({ id: mentions.targetPageId })
          .from(mentions)
          .where(eq(mentions.sourcePageId, page));
        expect(sets).toContainEqual(rows.map(({ id }) => id).sort());
      },
    });
  });

  test('setPageMentions × trashPage × movePage of a page that it names', async () => {
    await race({
      name: 'setPageMentions × trashPage × movePage',
      connections: racers.connections,
      setup: async () => {
        const { db, owner, driveId } = await makeScene(workspace);
        const [pageId = '', target = ''] = await addPages(db, driveId, ['page', 'target']);
        return { userId: owner, pageId, target };
      },
      calls: [
        (db: Db, { userId, pageId, target }) =>
          setPageMentions(db, { userId, pageId, pageIds: [target] }),
        (db: Db, { userId, pageId }) => trashPage(db, { userId, pageId }),
        (db: Db, { userId, pageId, target }) =>
          movePage(db, { userId, pageId: target, parentId: pageId }),
      ],
      check: async ({ pageId, target }, [, trashed]) => {
        expect(trashed?.ok).toBe(true);
        const rows = await workspace.db
          .select({ id: pages.id, isTrashed: pages.isTrashed, parentId: pages.parentId })
          .from(pages)
          .where(sql`${pages.id} in (${pageId}, ${target})`);
        const moved = rows.find(({ id }) => id === target);
        expect(moved?.isTrashed).toBe(moved?.parentId === pageId);
      },
    });
  });

  test('appendChatMessage three at once: no two share a moment', async () => {
    await race({
      name: 'appendChatMessage × 3',
      connections: racers.connections,
      spreadMs: 0,
      setup: async () => {
        const { db, owner, driveId } = await makeScene(workspace);
        const [pageId = ''] = await addPages(db, driveId, ['chat']);
        return { userId: owner, pageId };
      },
      calls: ['one', 'two', 'three'].map(
        (content) =>
          (db: Db, { userId, pageId }: { userId: string; pageId: string }) =>
            appendChatMessage(db, { userId, message: { pageId, role: 'user', content } }),
      ),
      check: async ({ pageId }, outcomes) => {
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        const rows = await workspace.db
          .select({ at: chatMessages.createdAt })
          .from(chatMessages)
          .where(eq(chatMessages.pageId, pageId))
          .orderBy(asc(chatMessages.createdAt));
        expect(new Set(rows.map(({ at }) => at.getTime())).size).toBe(3);
      },
    });
  });
});

describe.skipIf(!capabilities.concurrency)('a drive without a slug always finds one', () => {
  const setup = async () => {
    const { db, owner, member, driveId } = await makeScene(workspace);
    await updateDrive(db, { userId: owner, driveId, changes: { slug: 'docs' } });
    return { owner, member, driveId };
  };
  const create = (db: Db, { member }: { member: string }) =>
    createDrive(db, { ownerId: member, name: 'Docs' });

  test('createDrive × createDrive × transferOwnership of one with that slug', async () => {
    await race({
      name: 'createDrive × createDrive × transferOwnership',
      connections: racers.connections,
      setup,
      calls: [
        create,
        create,
        (db: Db, { owner, member, driveId }) =>
          transferOwnership(db, { actorId: owner, userId: member, driveId }),
      ],
      check: (_, [one, other]) => expect([one?.ok, other?.ok]).toEqual([true, true]),
    });
  });

  test('createDrive × updateDrive to that slug', async () => {
    await race({
      name: 'createDrive × updateDrive',
      connections: racers.connections,
      setup: async () => {
        const scene = await makeScene(workspace);
        return { member: scene.owner, driveId: scene.driveId };
      },
      calls: [
        create,
        (db: Db, { member: userId, driveId }) =>
          updateDrive(db, { userId, driveId, changes: { slug: 'docs' } }),
      ],
      check: (_, [created]) => expect(created?.ok).toBe(true),
    });
  });
});

describe.skipIf(!capabilities.concurrency)('a file in use is never deleted', () => {
  test('recordUpload × deleteUnusedFiles × recordUpload of the same content', async () => {
    const { db } = workspace;
    const uploader = await addUser(db);
    await upsertPlan(db, {
      key: 'free',
      name: 'Free',
      monthlyPriceCents: 0,
      limits: { storageBytes: 1000, maxFileBytes: 10, aiRequestsPerDay: 1 },
    });
    const { owner, driveId } = await makeScene(workspace);
    await addMember(db, driveId, uploader, 'ADMIN');
    await race({
      name: 'recordUpload × deleteUnusedFiles × recordUpload',
      connections: racers.connections,
      setup: async (round) => {
        const [pageId = '', other = ''] = await addPages(db, driveId, ['page', 'other']);
        const contentHash = String(round).padStart(64, 'b');
        const upload = {
          contentHash,
          sizeBytes: 1,
          mimeType: 'image/png',
          storagePath: `store/${round}`,
        };
        await db.insert(files).values({ ...upload, createdAt: sql`now() - interval '2 days'` });
        return { pageId, other, upload };
      },
      calls: [
        (db: Db, { pageId, upload }) => recordUpload(db, { userId: owner, pageId, upload }),
        (db: Db) => deleteUnusedFiles(db, { limit: 200 }),
        (db: Db, { other: pageId, upload }) =>
          recordUpload(db, { userId: uploader, pageId, upload }),
      ],
      check: async ({ pageId, other }, outcomes) => {
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        for (const id of [pageId, other]) {
          const linked = await db
            .select({ path: files.storagePath })
            .from(filePages)
            .innerJoin(files, and(eq(files.id, filePages.fileId)))
            .where(eq(filePages.pageId, id));
          expect(linked).toHaveLength(1);
        }
      },
    });
  });
});
