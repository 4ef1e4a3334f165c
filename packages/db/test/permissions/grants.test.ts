import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  getPageAccess,
  grantPageAccess,
  listPageGrants,
  revokePageAccess,
  updatePageGrant,
} from '../../src/queries/permissions.ts';
import { drives, pagePermissions, pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let owner: string;
let sharer: string;
let guest: string;
let pageId: string;
let driveId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  owner = await addUser(db);
  sharer = await addUser(db);
  guest = await addUser(db);
  driveId = await addDrive(db, owner);
  pageId = await addPage(db, driveId);
});

const soon = () => new Date(Date.now() + 86_400_000);
const later = () => new Date(Date.now() + 2 * 86_400_000);
const forbidden = { code: 'FORBIDDEN' };
const missing = { code: 'NOT_FOUND' };

describe('granting', () => {
  test('the owner grants; the change and the access agree', async () => {
    const { db } = workspace;
    const expiresAt = soon();
    const change = await grantPageAccess(db, {
      actorId: owner,
      pageId,
      userId: guest,
      canEdit: true,
      expiresAt,
      note: 'for the review',
    });
    const after = { canView: true, canEdit: true, canShare: false, canDelete: false };
    expect(change).toMatchObject({ pageId, driveId, actorId: owner, userId: guest, before: null });
    expect(change.after).toEqual(after);
    expect(await getPageAccess(db, { userId: guest, pageId })).toEqual(after);
    const { items } = await listPageGrants(db, { userId: owner, pageId });
    expect(items).toMatchObject([
      { userId: guest, grantedBy: owner, expiresAt, note: 'for the review' },
    ]);
  });

  test('granting again replaces; an update changes what it names', async () => {
    const { db } = workspace;
    const who = { actorId: owner, pageId, userId: guest };
    await grantPageAccess(db, { ...who, canEdit: true, canDelete: true, note: 'a' });
    const again = await grantPageAccess(db, { ...who, canShare: true });
    expect(again.before).toMatchObject({ canEdit: true, canDelete: true, canShare: false });
    expect(again.after).toMatchObject({ canEdit: false, canDelete: false, canShare: true });
    const updated = await updatePageGrant(db, { ...who, changes: { canEdit: true } });
    expect(updated.after).toMatchObject({ canView: true, canEdit: true, canShare: true });
    await updatePageGrant(db, { ...who, changes: { expiresAt: soon(), note: 'b' } });
    await updatePageGrant(db, { ...who, changes: { expiresAt: null } });
    const { items } = await listPageGrants(db, { userId: owner, pageId });
    expect(items).toMatchObject([{ canEdit: true, canShare: true, expiresAt: null, note: 'b' }]);
    await revokePageAccess(db, who);
    expect((await listPageGrants(db, { userId: owner, pageId })).items).toEqual([]);
    await expect(revokePageAccess(db, who)).rejects.toMatchObject(missing);
    await expect(updatePageGrant(db, { ...who, changes: {} })).rejects.toMatchObject(missing);
  });

  test('an ADMIN may grant; a MEMBER and a stranger do not even see the page', async () => {
    const { db } = workspace;
    const admin = await addUser(db);
    const member = await addUser(db);
    await addMember(db, driveId, admin, 'ADMIN');
    await addMember(db, driveId, member, 'MEMBER');
    await grantPageAccess(db, { actorId: admin, pageId, userId: guest });
    for (const actorId of [member, sharer, 'nobody']) {
      const who = { actorId, pageId, userId: guest };
      await expect(grantPageAccess(db, who)).rejects.toMatchObject(missing);
      await expect(updatePageGrant(db, { ...who, changes: {} })).rejects.toMatchObject(missing);
      await expect(revokePageAccess(db, who)).rejects.toMatchObject(missing);
      expect((await listPageGrants(db, { userId: actorId, pageId })).items).toEqual([]);
    }
  });

  test('one who may view but not share is told so', async () => {
    const { db } = workspace;
    await grantPageAccess(db, { actorId: owner, pageId, userId: sharer, canEdit: true });
    const who = { actorId: sharer, pageId, userId: guest };
    await expect(grantPageAccess(db, who)).rejects.toMatchObject(forbidden);
    expect((await listPageGrants(db, { userId: sharer, pageId })).items).toEqual([]);
  });

  test('nobody gives or takes a right that they do not hold', async () => {
    const { db } = workspace;
    const give = { actorId: owner, pageId };
    await grantPageAccess(db, { ...give, userId: sharer, canShare: true, canEdit: true });
    const who = { actorId: sharer, pageId, userId: guest };
    await expect(grantPageAccess(db, { ...who, canDelete: true })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('canDelete'),
    });
    await grantPageAccess(db, { ...who, canEdit: true, canShare: true });
    await grantPageAccess(db, { ...give, userId: guest, canDelete: true });
    await expect(revokePageAccess(db, who)).rejects.toMatchObject(forbidden);
    await expect(
      updatePageGrant(db, { ...who, changes: { canDelete: false } }),
    ).rejects.toMatchObject(forbidden);
    expect(await getPageAccess(db, { userId: guest, pageId })).toMatchObject({ canDelete: true });
  });

  test('nobody changes their own grant', async () => {
    const { db } = workspace;
    await grantPageAccess(db, { actorId: owner, pageId, userId: sharer, canShare: true });
    const self = { actorId: sharer, pageId, userId: sharer };
    await expect(grantPageAccess(db, { ...self, canEdit: true })).rejects.toMatchObject(forbidden);
    await expect(updatePageGrant(db, { ...self, changes: {} })).rejects.toMatchObject(forbidden);
    await expect(revokePageAccess(db, self)).rejects.toMatchObject(forbidden);
  });

  test('a grant does not outlast the right that it is made with', async () => {
    const { db } = workspace;
    const expiresAt = soon();
    await grantPageAccess(db, {
      actorId: owner,
      pageId,
      userId: sharer,
      canShare: true,
      expiresAt,
    });
    const who = { actorId: sharer, pageId, userId: guest };
    await expect(grantPageAccess(db, who)).rejects.toMatchObject(forbidden);
    await expect(grantPageAccess(db, { ...who, expiresAt: later() })).rejects.toMatchObject(
      forbidden,
    );
    await grantPageAccess(db, { ...who, expiresAt });
    await expect(
      updatePageGrant(db, { ...who, changes: { expiresAt: null } }),
    ).rejects.toMatchObject(forbidden);
  });

  test('an expired grant gives nothing, and may be granted anew', async () => {
    const { db } = workspace;
    await grantPageAccess(db, { actorId: owner, pageId, userId: sharer, canShare: true });
    await db
      .update(pagePermissions)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(pagePermissions.userId, sharer));
    await expect(
      grantPageAccess(db, { actorId: sharer, pageId, userId: guest }),
    ).rejects.toMatchObject(missing);
    const renewed = await grantPageAccess(db, { actorId: owner, pageId, userId: sharer });
    expect(renewed.before).toBeNull();
  });

  test('what lies in the trash can be taken back but not shared', async () => {
    const { db } = workspace;
    await grantPageAccess(db, { actorId: owner, pageId, userId: guest });
    await db
      .update(pages)
      .set({ isTrashed: true, trashedAt: new Date() })
      .where(eq(pages.id, pageId));
    await expect(
      grantPageAccess(db, { actorId: owner, pageId, userId: sharer }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await revokePageAccess(db, { actorId: owner, pageId, userId: guest });
    await db
      .update(drives)
      .set({ isTrashed: true, trashedAt: new Date() })
      .where(eq(drives.id, driveId));
    await expect(
      grantPageAccess(db, { actorId: owner, pageId, userId: sharer }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('refuses unknown users and pages, ends in the past, oversized and malformed terms', async () => {
    const { db } = workspace;
    const who = { actorId: owner, pageId, userId: guest };
    await expect(grantPageAccess(db, { ...who, userId: 'nobody' })).rejects.toMatchObject(missing);
    await expect(grantPageAccess(db, { ...who, pageId: 'nowhere' })).rejects.toMatchObject(missing);
    const invalid = { code: 'INVALID_INPUT' };
    for (const terms of [
      { expiresAt: new Date(0) },
      { note: 'x'.repeat(1001) },
      { note: 'a\0b' },
      { canEdit: 'yes' },
    ]) {
      // @ts-expect-error: what a caller without types may send
      await expect(grantPageAccess(db, { ...who, ...terms })).rejects.toMatchObject(invalid);
    }
    await expect(
      // @ts-expect-error: a right that there is not
      updatePageGrant(db, { ...who, changes: { canFly: true } }),
    ).rejects.toMatchObject(invalid);
    expect((await listPageGrants(db, { userId: owner, pageId })).items).toEqual([]);
  });

  test('the database refuses a right without the right to view', async () => {
    const rights = { canView: false, canEdit: true, canShare: false, canDelete: false };
    await expect(
      workspace.db.insert(pagePermissions).values({ pageId, userId: guest, ...rights }),
    ).rejects.toMatchObject({ constraint: 'page_permissions_view_check' });
  });

  test('a caller’s transaction that fails takes the grant back', async () => {
    const { db } = workspace;
    await expect(
      db.transaction(async (tx) => {
        await grantPageAccess(tx, { actorId: owner, pageId, userId: guest });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect((await listPageGrants(db, { userId: owner, pageId })).items).toEqual([]);
  });
});

describe.skipIf(!capabilities.concurrency)('on connections of their own', () => {
  test('once a revoke has answered, its victim can grant nothing', async () => {
    const { db } = workspace;
    for (let round = 0; round < 25; round++) {
      await grantPageAccess(db, { actorId: owner, pageId, userId: sharer, canShare: true });
      let revokedAt = Number.POSITIVE_INFINITY;
      const tries = Array.from({ length: 4 }, async () => {
        const userId = await addUser(db);
        const startedAt = performance.now();
        const granted = await grantPageAccess(db, { actorId: sharer, pageId, userId }).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject(missing);
            return false;
          },
        );
        return { granted, startedAt };
      });
      const revoke = revokePageAccess(db, { actorId: owner, pageId, userId: sharer }).then(() => {
        revokedAt = performance.now();
      });
      const outcomes = await Promise.all(tries);
      await revoke;
      for (const { granted, startedAt } of outcomes) {
        if (startedAt > revokedAt) expect(granted).toBe(false);
      }
      await expect(
        grantPageAccess(db, { actorId: sharer, pageId, userId: guest }),
      ).rejects.toMatchObject(missing);
    }
  });

  test('two people granting the same right at once leave one grant', async () => {
    const { db } = workspace;
    const admin = await addUser(db);
    await addMember(db, driveId, admin, 'ADMIN');
    const changes = await Promise.all(
      [owner, admin, owner, admin].map((actorId) =>
        grantPageAccess(db, { actorId, pageId, userId: guest, canEdit: true }),
      ),
    );
    expect(changes.filter(({ before }) => before === null)).toHaveLength(1);
    expect((await listPageGrants(db, { userId: owner, pageId })).items).toHaveLength(1);
  });
});
