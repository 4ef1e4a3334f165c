import { setTimeout } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { appendChannelMessage } from '../../src/queries/chat.ts';
import { createPageComment, setPageMentions } from '../../src/queries/core.ts';
import {
  acceptInvitation,
  changeMemberRole,
  inviteMember,
  removeMember,
  transferOwnership,
} from '../../src/queries/members.ts';
import {
  countUnreadNotifications,
  getNotificationPreferences,
  listNotifications,
  listUnreadNotifications,
  markAllNotificationsRead,
  markNotificationsRead,
  notify,
  recordEmailOutcome,
  setNotificationPreference,
  takeQueuedEmails,
} from '../../src/queries/notifications.ts';
import {
  grantPageAccess,
  revokePageAccess,
  updatePageGrant,
} from '../../src/queries/permissions.ts';
import { emailNotificationLogs, notifications, pagePermissions } from '../../src/schema/index.ts';
import { grant } from '../core/trees.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let actor: string;
let userId: string;
let counter = 0;
let email: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  email = `reader${++counter}@example.com`;
  actor = await addUser(workspace.db, `actor${counter}@example.com`);
  userId = await addUser(workspace.db, email);
});

const tell = (recipientIds = [userId], more = {}) =>
  workspace.db.transaction((tx) =>
    notify(tx, {
      type: 'MENTION',
      recipientIds,
      actorId: actor,
      words: (name) => ({ title: `${name} mentioned you`, message: 'in “Plan”' }),
      ...more,
    }),
  );
const unread = () => countUnreadNotifications(workspace.db, { userId });
const types = async () =>
  (await listNotifications(workspace.db, { userId })).items.map(({ type }) => type);
const invalid = { code: 'INVALID_INPUT' };

describe('telling people', () => {
  test('everyone concerned but the actor is told, in the application and by e-mail', async () => {
    const { db } = workspace;
    expect(await tell([userId, actor, 'nobody'])).toEqual([
      { userId, inApp: true, email: true, push: true },
    ]);
    const { items } = await listNotifications(db, { userId });
    expect(items).toMatchObject([
      {
        title: `actor${counter}@example.com mentioned you`,
        triggeredByUserId: actor,
        isRead: false,
      },
    ]);
    expect((await listNotifications(db, { userId: actor })).items).toEqual([]);
    const emails = await db.select().from(emailNotificationLogs);
    expect(emails.filter((one) => one.userId === userId)).toMatchObject([
      { recipient: email, notificationId: items[0]?.id, status: 'QUEUED' },
    ]);
  });

  test('each way is honoured by itself', async () => {
    const { db } = workspace;
    await setNotificationPreference(db, { userId, type: 'MENTION', inAppEnabled: false });
    await setNotificationPreference(db, { userId, type: 'MENTION', pushEnabled: false });
    expect(await tell()).toEqual([{ userId, inApp: false, email: true, push: false }]);
    expect(await unread()).toBe(0);
    await setNotificationPreference(db, {
      userId,
      type: 'MENTION',
      emailEnabled: false,
      inAppEnabled: true,
    });
    expect(await tell()).toEqual([{ userId, inApp: true, email: false, push: false }]);
    const emails = await db.select().from(emailNotificationLogs);
    expect(emails.filter((one) => one.userId === userId)).toMatchObject([{ notificationId: null }]);
    const wishes = await getNotificationPreferences(db, { userId });
    expect(wishes).toHaveLength(12);
    expect(wishes.find(({ type }) => type === 'MENTION')).toEqual({
      type: 'MENTION',
      emailEnabled: false,
      pushEnabled: false,
      inAppEnabled: true,
    });
    expect(wishes.find(({ type }) => type === 'DRIVE_JOINED')).toMatchObject({
      emailEnabled: true,
    });
    await expect(
      // @ts-expect-error: a type that there is not
      setNotificationPreference(db, { userId, type: 'FAX' }),
    ).rejects.toMatchObject(invalid);
    await expect(
      setNotificationPreference(db, { userId: 'nobody', type: 'MENTION' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('long words are cut, the worst text fits the index, oversized metadata is refused', async () => {
    await tell([userId], { words: () => ({ title: '🙂'.repeat(500), message: '🙂'.repeat(500) }) });
    const { items } = await listUnreadNotifications(workspace.db, { userId });
    expect([...(items[0]?.title ?? '')]).toHaveLength(150);
    expect([...(items[0]?.message ?? '')]).toHaveLength(400);
    await expect(tell([userId], { metadata: { text: 'x'.repeat(8000) } })).rejects.toMatchObject(
      invalid,
    );
    await expect(tell(Array.from({ length: 1001 }, (_, n) => `user${n}`))).rejects.toMatchObject(
      invalid,
    );
  });
});

describe('what sharing and membership tell', () => {
  test('a page shared for the first time, a change, a renewal and its end; nothing when they fail', async () => {
    const { db } = workspace;
    const driveId = await addDrive(db, actor);
    const pageId = await addPage(db, driveId);
    const who = { actorId: actor, pageId, userId };
    await grantPageAccess(db, who);
    await updatePageGrant(db, { ...who, changes: { canEdit: true } });
    await db.update(pagePermissions).set({ expiresAt: new Date(Date.now() - 1000) });
    await grantPageAccess(db, who);
    await revokePageAccess(db, who);
    expect(await types()).toEqual([
      'PERMISSION_REVOKED',
      'PERMISSION_GRANTED',
      'PERMISSION_UPDATED',
      'PAGE_SHARED',
    ]);
    await expect(revokePageAccess(db, who)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      db.transaction(async (tx) => {
        await grantPageAccess(tx, who);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    expect(await unread()).toBe(4);
  });

  test('a mention tells those who may view the page, once each, and nobody else', async () => {
    const { db } = workspace;
    const driveId = await addDrive(db, actor);
    const [pageId, channel] = [await addPage(db, driveId), await addPage(db, driveId, 'CHANNEL')];
    const outsider = await addUser(db);
    for (const shared of [pageId, channel]) await grant(db, shared, userId, ['canView']);
    const mentionedUserIds = [userId, outsider, actor];
    const comment = await createPageComment(db, {
      userId: actor,
      pageId,
      content: 'Look at this',
      mentionedUserIds,
    });
    const message = await appendChannelMessage(db, {
      userId: actor,
      message: { pageId: channel, content: 'And at that', mentionedUserIds },
    });
    const named = { userId: actor, pageId, userIds: [userId, outsider] };
    await setPageMentions(db, named);
    await setPageMentions(db, named);
    const told = (await listNotifications(db, { userId })).items;
    expect(told.map(({ type, metadata, pageId: of }) => [type, metadata, of])).toEqual([
      ['MENTION', null, pageId],
      ['MENTION', { messageId: message.id }, channel],
      ['MENTION', { commentId: comment.id }, pageId],
    ]);
    expect(told[2]?.message).toBe('Look at this');
    expect((await listNotifications(db, { userId: outsider })).items).toEqual([]);
    expect((await listNotifications(db, { userId: actor })).items).toEqual([]);
  });

  test('an invitation without its token, a joining, a new role, a removal', async () => {
    const { db } = workspace;
    const driveId = await addDrive(db, actor);
    const { token } = await inviteMember(db, { actorId: actor, driveId, email, role: 'MEMBER' });
    const invited = await listNotifications(db, { userId });
    expect(JSON.stringify(invited)).not.toContain(token);
    await acceptInvitation(db, { token, userId });
    const [joined] = (await listNotifications(db, { userId: actor })).items;
    expect(joined).toMatchObject({ type: 'DRIVE_JOINED', triggeredByUserId: userId, driveId });
    await changeMemberRole(db, { actorId: actor, driveId, userId, role: 'ADMIN' });
    await changeMemberRole(db, { actorId: actor, driveId, userId, role: 'ADMIN' });
    await removeMember(db, { actorId: actor, driveId, userId });
    expect(await types()).toEqual(['DRIVE_ROLE_CHANGED', 'DRIVE_ROLE_CHANGED', 'DRIVE_INVITED']);
    await addMember(db, driveId, userId, 'MEMBER');
    await transferOwnership(db, { actorId: actor, driveId, userId });
    expect((await listNotifications(db, { userId })).items[0]?.metadata).toEqual({
      before: 'MEMBER',
      after: 'OWNER',
    });
  });
});

describe('reading', () => {
  test('lists page through one’s own, latest first; a read one leaves the unread list', async () => {
    const { db } = workspace;
    for (let n = 0; n < 5; n++) await tell();
    await tell([actor], { actorId: null });
    const first = await listUnreadNotifications(db, { userId, limit: 3 });
    const second = await listUnreadNotifications(db, { userId, limit: 3, after: first.nextCursor });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(second.nextCursor).toBeNull();
    const read = ids.slice(0, 2);
    expect(await markNotificationsRead(db, { userId, notificationIds: read })).toBe(2);
    expect(await markNotificationsRead(db, { userId, notificationIds: read })).toBe(0);
    expect(await unread()).toBe(3);
    await expect(listNotifications(db, { userId, after: 'x' })).rejects.toMatchObject(invalid);
  });

  test('nobody marks another’s, and a mixed list marks nothing', async () => {
    const { db } = workspace;
    await tell();
    const [own] = (await listNotifications(db, { userId })).items;
    const other = await addUser(db);
    const marking = { notificationIds: [own?.id ?? ''] };
    await expect(markNotificationsRead(db, { userId: other, ...marking })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      markNotificationsRead(db, { userId, notificationIds: [own?.id ?? '', 'unknown'] }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await markAllNotificationsRead(db, { userId: other, upTo: new Date() })).toBe(0);
    expect(await unread()).toBe(1);
  });

  test.skipIf(!capabilities.concurrency)(
    'one that was committed after the last one shown stays unread, however early its transaction began',
    async () => {
      const { db, url } = workspace;
      const other = createDb({ url, max: 1 });
      await other.db.transaction(async (tx) => {
        await tx.execute(sql`select now()`);
        await tell();
        const words = () => ({ title: 'late', message: 'late' });
        await notify(tx, { type: 'MENTION', recipientIds: [userId], actorId: actor, words });
      });
      await other.close();
      const { items } = await listNotifications(db, { userId });
      const [late, early] = items;
      expect(late?.title).toBe('late');
      expect(late?.createdAt.getTime()).toBeGreaterThan(early?.createdAt.getTime() ?? Infinity);
    },
  );
});

describe('e-mails', () => {
  test('each is taken, and its outcome noted once', async () => {
    const { db } = workspace;
    await db.delete(emailNotificationLogs);
    await tell();
    await tell();
    const [first, second] = await db.transaction((tx) => takeQueuedEmails(tx));
    await recordEmailOutcome(db, { emailId: first?.id ?? '' });
    await recordEmailOutcome(db, { emailId: second?.id ?? '', error: 'mailbox full' });
    await expect(recordEmailOutcome(db, { emailId: first?.id ?? '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await db.transaction((tx) => takeQueuedEmails(tx))).toEqual([]);
  });

  test('those that have waited longest are taken first', async () => {
    const { db, sql } = workspace;
    await db.delete(emailNotificationLogs);
    for (let n = 0; n < 4; n += 1) await tell();
    const rows = await sql`update email_notification_logs e
      set "createdAt" = now() - n * interval '1 hour'
      from (select id, row_number() over (order by md5(id)) as n from email_notification_logs) waited
      where waited.id = e.id returning e.id, waited.n::int as hours`;
    const byAge = rows.toSorted((a, b) => b.hours - a.hours).map(({ id }) => id);
    for (const limit of [1, 3]) {
      const taken = await db.transaction((tx) => takeQueuedEmails(tx, { limit }));
      expect(taken.map(({ id }) => id)).toEqual(byAge.slice(0, limit));
    }
  });
});

describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
  test('marking all as read while others arrive leaves those unread, and loses none', async () => {
    const { db } = workspace;
    for (let round = 0; round < 5; round++) {
      await db.delete(notifications);
      for (let n = 0; n < 5; n++) await tell();
      const [latest] = (await listUnreadNotifications(db, { userId })).items;
      const seen = latest?.createdAt ?? new Date(0);
      // Times have milliseconds.
      await setTimeout(2);
      const [marked] = await Promise.all([
        markAllNotificationsRead(db, { userId, upTo: seen }),
        ...Array.from({ length: 5 }, () => tell()),
      ]);
      const { items } = await listNotifications(db, { userId });
      expect(items).toHaveLength(10);
      expect(marked).toBeGreaterThanOrEqual(5);
      for (const { isRead, createdAt } of items) expect(isRead).toBe(createdAt <= seen);
    }
  });

  test('two workers never take the same e-mail', async () => {
    const { db } = workspace;
    await db.delete(emailNotificationLogs);
    for (let n = 0; n < 6; n++) await tell();
    const second = createDb({ url: workspace.url, max: 1 });
    const taken = await db.transaction(async (tx) => {
      const own = await takeQueuedEmails(tx, { limit: 3 });
      const others = await second.db.transaction((other) => takeQueuedEmails(other));
      return [...own, ...others].map(({ id }) => id);
    });
    await second.close();
    expect(taken).toHaveLength(6);
    expect(new Set(taken).size).toBe(6);
  });
});
