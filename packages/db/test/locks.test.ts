import { transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Db, Tx } from '../src/database.ts';
import { eraseUser } from '../src/queries/auth.ts';
import {
  createConversation,
  interruptStaleMessages,
  updateStreamingMessage,
} from '../src/queries/chat.ts';
import { requireManagedDrive } from '../src/queries/core/drive-rights.ts';
import {
  createDrive,
  createPage,
  getPage,
  purgeTrash,
  restoreDrive,
  trashDrive,
  trashPage,
  updatePage,
} from '../src/queries/core.ts';
import { acceptInvitation, inviteMember, revokeInvitation } from '../src/queries/members.ts';
import { notify } from '../src/queries/notifications.ts';
import { deleteUnusedFiles, recordUpload } from '../src/queries/storage.ts';
import { upsertPlan } from '../src/queries/subscriptions.ts';
import { drives, files, messages, notifications, pages } from '../src/schema/index.ts';
import { makeScene } from './core/scene.ts';
import { addPages } from './core/trees.ts';
import { addUser } from './people.ts';
import { whileOpen } from './racers.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

// A call on one connection while another has an open transaction: without its lock, each gives a wrong
// result or waits where it must not.

// Twenty-five sessions take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

describe.skipIf(!capabilities.concurrency)('what is held waits', () => {
  test('a drive that a transaction requires is not deleted before it ends', async () => {
    const { owner: userId, driveId } = await makeScene(workspace);
    const { later } = await whileOpen(
      workspace,
      (tx) => requireManagedDrive(tx, { userId, driveId }),
      (db) => db.delete(drives).where(eq(drives.id, driveId)),
    );
    expect(later).toMatchObject([{ waited: true }]);
  });

  test('the later of two changes of a page is told that it changed, and leaves no version', async () => {
    const { db, owner: userId, driveId } = await makeScene(workspace);
    const [pageId = ''] = await addPages(db, driveId, ['page']);
    const change = (content: string) => (handle: Db) =>
      updatePage(handle, { userId, pageId, revision: 0, changes: { content } });
    const { later } = await whileOpen(workspace, change('one'), change('other'));
    await expect(later[0]?.outcome).rejects.toThrow(/changed since you read it/);
    expect(await getPage(db, { userId, pageId })).toMatchObject({ content: 'one', revision: 1 });
  });

  test('however many drives of one name a person makes at once, each gets a slug', async () => {
    const ownerId = await addUser(workspace.db);
    const create = (handle: Db) => createDrive(handle, { ownerId, name: 'Docs' });
    const { later } = await whileOpen(
      workspace,
      create,
      ...Array.from({ length: 24 }, () => create),
    );
    expect(later.map(({ waited }) => waited)).not.toContain(false);
    const made = await Promise.all(later.map(({ outcome }) => outcome));
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(24);
  });

  test('an invitation that is being withdrawn is not accepted', async () => {
    const { db, owner: actorId, driveId } = await makeScene(workspace);
    const email = `withdrawn-${driveId}@example.com`;
    const userId = await addUser(db, email);
    const { id, token } = await inviteMember(db, { actorId, driveId, email, role: 'MEMBER' });
    const { later } = await whileOpen(
      workspace,
      (tx) => revokeInvitation(tx, { actorId, invitationId: id }),
      (handle) => acceptInvitation(handle, { userId, token }),
    );
    await expect(later[0]?.outcome).rejects.toMatchObject({ reason: 'revoked' });
  });

  test('a person’s notifications have the order in which they were committed', async () => {
    const userId = await addUser(workspace.db);
    const tell = (title: string) => (handle: Db) =>
      transaction(handle, (tx) =>
        notify(tx, {
          type: 'MENTION',
          recipientIds: [userId],
          actorId: null,
          words: () => ({ title, message: '' }),
        }),
      );
    // The second has taken its time before the first commits, unless it waits.
    const { later } = await whileOpen(workspace, tell('first'), tell('second'));
    expect(later).toMatchObject([{ waited: true }]);
    const rows = await workspace.db
      .select({ title: notifications.title })
      .from(notifications)
      .where(eq(notifications.userId, userId))
      .orderBy(notifications.createdAt);
    expect(rows).toEqual([{ title: 'first' }, { title: 'second' }]);
  });

  test('nobody joins a drive of a person who is being erased', async () => {
    const { db, sql: raw } = workspace;
    const [actorId, email] = [await addUser(db), 'late@example.com'];
    const userId = await addUser(db, email);
    const { id: driveId } = await createDrive(db, { ownerId: actorId, name: 'Docs' });
    const { token } = await inviteMember(db, { actorId, driveId, email, role: 'MEMBER' });
    // The erasure stops once it has seen that nobody else is in the drive, before it deletes anything.
    await raw.unsafe(`
      create function stop() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(1); return null; end';
      create trigger stop before insert on users execute function stop()`);
    const { later } = await whileOpen<unknown, unknown>(
      workspace,
      (tx) => tx.execute(sql`select pg_advisory_xact_lock(1)`),
      (handle) => eraseUser(handle, { userId: actorId }),
      (handle) => acceptInvitation(handle, { userId, token }),
    );
    await raw.unsafe('drop function stop() cascade');
    expect(later).toMatchObject([{ waited: true }, { waited: true }]);
    await later[0]?.outcome;
    await expect(later[1]?.outcome).rejects.toThrow();
  });
});

describe.skipIf(!capabilities.concurrency)('what is busy is passed over', () => {
  test('a message that is being written to is not interrupted', async () => {
    const { db, owner: userId } = await makeScene(workspace);
    const { id: conversationId } = await createConversation(db, {
      userId,
      conversation: { type: 'GLOBAL', title: 'talk' },
    });
    const rows = await db
      .insert(messages)
      .values(
        ['busy', 'stale'].map((content) => ({
          conversationId,
          userId,
          content,
          role: 'assistant' as const,
          status: 'STREAMING' as const,
          updatedAt: sql`now() - interval '2 minutes'`,
        })),
      )
      .returning({ messageId: messages.id });
    const [{ messageId = '' } = {}] = rows;
    const { later } = await whileOpen(
      workspace,
      (tx) => updateStreamingMessage(tx, { userId, messageId, written: { content: 'more' } }),
      (handle) => interruptStaleMessages(handle),
    );
    expect(later).toMatchObject([{ waited: false }]);
    expect(await later[0]?.outcome).toBe(1);
  });

  test('a file that is being linked to a page is not deleted', async () => {
    const { db, owner: userId, driveId } = await makeScene(workspace);
    await upsertPlan(db, {
      key: 'free',
      name: 'Free',
      monthlyPriceCents: 0,
      limits: { storageBytes: 1000, maxFileBytes: 10, aiRequestsPerDay: 1 },
    });
    const [pageId = ''] = await addPages(db, driveId, ['page']);
    const upload = {
      contentHash: 'f'.repeat(64),
      sizeBytes: 1,
      mimeType: 'image/png',
      storagePath: 'store/busy',
    };
    await db.insert(files).values({ ...upload, createdAt: sql`now() - interval '2 days'` });
    const { later } = await whileOpen<unknown, { storagePath: string }[]>(
      workspace,
      (tx) => recordUpload(tx, { userId, pageId, upload }),
      (handle) => deleteUnusedFiles(handle),
    );
    expect(later).toMatchObject([{ waited: false }]);
    expect(await later[0]?.outcome).toEqual([]);
  });

  const purge = (db: Db) => purgeTrash(db, { olderThanDays: 0 });
  /** A drive with a trashed page in it, and no other in the trash. */
  const withTrash = async () => {
    await purge(workspace.db);
    const scene = await makeScene(workspace);
    const [pageId = ''] = await addPages(scene.db, scene.driveId, ['old']);
    await trashPage(scene.db, { userId: scene.owner, pageId });
    return { ...scene, pageId };
  };

  test.each<[string, (tx: Tx, scene: Awaited<ReturnType<typeof withTrash>>) => Promise<unknown>]>([
    [
      'a trashed page, while the tree of its drive changes',
      (tx, { owner: userId, driveId }) =>
        createPage(tx, { userId, page: { driveId, title: 'new', type: 'DOCUMENT' } }),
    ],
    [
      'a trashed page that is held',
      (tx, { pageId }) => tx.select().from(pages).where(eq(pages.id, pageId)).for('key share'),
    ],
  ])('%s', async (_, hold) => {
    const scene = await withTrash();
    const { later } = await whileOpen(workspace, (tx) => hold(tx, scene), purge);
    expect(later).toMatchObject([{ waited: false }]);
    expect(await later[0]?.outcome).toEqual({ pages: 0, drives: 0 });
    expect(await purge(workspace.db)).toEqual({ pages: 1, drives: 0 });
  });

  test('an empty drive that is being restored is not purged', async () => {
    await purge(workspace.db);
    const { db, owner: userId, driveId } = await makeScene(workspace);
    await trashDrive(db, { userId, driveId });
    const { later } = await whileOpen<unknown, unknown>(
      workspace,
      (tx) => restoreDrive(tx, { userId, driveId }),
      purge,
    );
    expect(later).toMatchObject([{ waited: false }]);
    expect(await later[0]?.outcome).toEqual({ pages: 0, drives: 0 });
  });
});
