import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import { movePage, purgeTrash, restorePage, trashPage } from '../../src/queries/core.ts';
import { transferOwnership } from '../../src/queries/members.ts';
import { recordUpload, removeFileFromPage } from '../../src/queries/storage.ts';
import { upsertPlan } from '../../src/queries/subscriptions.ts';
import { pages } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { addPages } from '../core/trees.ts';
import { addMember, addUser } from '../people.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { expectLedgerAddsUp } from './ledger.ts';

let workspace: Workspace;
let racers: Racers;
beforeAll(async () => {
  workspace = await openWorkspace();
  racers = openRacers(workspace);
  await upsertPlan(workspace.db, {
    key: 'free',
    name: 'Free',
    monthlyPriceCents: 0,
    limits: { storageBytes: 100, maxFileBytes: 60, aiRequestsPerDay: 1 },
  });
});
afterAll(async () => {
  await racers.close();
  await workspace.close();
});

const upload = (sizeBytes: number) => ({
  contentHash: `${sizeBytes}`.padStart(64, 'd'),
  sizeBytes,
  mimeType: 'image/png',
  storagePath: `store/${sizeBytes}`,
});

/** Owner and ADMIN have each a file on a page that lies in the trash, and on a live one. */
async function setup() {
  const { db, owner, driveId } = await makeScene(workspace);
  const admin = await addUser(db);
  await addMember(db, driveId, admin, 'ADMIN');
  const [trashed = '', live = '', other = ''] = await addPages(db, driveId, ['a', 'b', 'c']);
  const [on, fileId] = [[trashed, live], { value: '' }];
  for (const pageId of on) {
    await recordUpload(db, { userId: owner, pageId, upload: upload(30) });
    fileId.value = (await recordUpload(db, { userId: admin, pageId, upload: upload(20) })).id;
  }
  await trashPage(db, { userId: owner, pageId: trashed });
  return { owner, admin, driveId, trashed, live, other, fileId: fileId.value };
}
type Scene = Awaited<ReturnType<typeof setup>>;

const check = async ({ owner, admin }: Scene) => {
  await expectLedgerAddsUp(workspace.db, owner);
  await expectLedgerAddsUp(workspace.db, admin);
};

const purge = (db: Db) => purgeTrash(db, { olderThanDays: 0 });
const uploadTo = (which: 'live' | 'other', bytes: number) => (db: Db, scene: Scene) =>
  recordUpload(db, { userId: scene.owner, pageId: scene[which], upload: upload(bytes) });

describe.skipIf(!capabilities.concurrency)('the ledger adds up', () => {
  const run = (name: string, calls: ((db: Db, scene: Scene) => Promise<unknown>)[]) =>
    race({ name, connections: racers.connections, setup, calls, check });

  test('purgeTrash × recordUpload × purgeTrash', async () => {
    await run('purgeTrash × recordUpload × purgeTrash', [purge, uploadTo('other', 41), purge]);
  });

  test('purgeTrash × restorePage × recordUpload', async () => {
    await run('purgeTrash × restorePage × recordUpload', [
      purge,
      (db, { owner: userId, trashed: pageId }) => restorePage(db, { userId, pageId }),
      uploadTo('live', 40),
    ]);
  });

  test('removeFileFromPage × removeFileFromPage × deleting the page', async () => {
    await run('removeFileFromPage × removeFileFromPage × delete', [
      (db, { owner: userId, live: pageId, fileId }) =>
        removeFileFromPage(db, { userId, pageId, fileId }),
      (db, { admin: userId, live: pageId, fileId }) =>
        removeFileFromPage(db, { userId, pageId, fileId }),
      (db, { live }) => db.delete(pages).where(eq(pages.id, live)),
    ]);
  });

  test('recordUpload × trashPage × movePage of the same page', async () => {
    await run('recordUpload × trashPage × movePage', [
      uploadTo('live', 40),
      (db, { admin: userId, live: pageId }) => trashPage(db, { userId, pageId }),
      (db, { owner: userId, live: pageId, other: parentId }) =>
        movePage(db, { userId, pageId, parentId }),
    ]);
  });

  test('recordUpload × transferOwnership × removeFileFromPage', async () => {
    await run('recordUpload × transferOwnership × removeFileFromPage', [
      uploadTo('other', 40),
      (db, { owner: actorId, admin: userId, driveId }) =>
        transferOwnership(db, { actorId, driveId, userId }),
      (db, { admin: userId, live: pageId, fileId }) =>
        removeFileFromPage(db, { userId, pageId, fileId }),
    ]);
  });

  test('two uploads that fit alone but not together: one is stored', async () => {
    await race({
      name: 'recordUpload × recordUpload',
      connections: racers.connections,
      setup,
      calls: [uploadTo('other', 40), uploadTo('live', 39)],
      check: async (scene, outcomes) => {
        await check(scene);
        expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
      },
    });
  });
});
