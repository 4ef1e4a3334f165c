import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  acceptInvitation,
  changeMemberRole,
  inviteMember,
  listDriveMembers,
  removeMember,
  trashDrive,
} from '../src/index.ts';
import { getDriveTree, getPage, trashPage, updatePage } from '../src/queries/core.ts';
import { listNotifications } from '../src/queries/notifications.ts';
import {
  getPageAccess,
  grantPageAccess,
  listPageGrants,
  revokePageAccess,
} from '../src/queries/permissions.ts';
import { pagePermissions } from '../src/schema/index.ts';
import { makeScene } from './core/scene.ts';
import { addPages, grant } from './core/trees.ts';
import { addMember, addUser } from './people.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

// One test for each line under "Decisions" in README.md.

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function scene() {
  const made = await makeScene(workspace);
  const admin = await addUser(made.db);
  await addMember(made.db, made.driveId, admin, 'ADMIN');
  const [pageId = ''] = await addPages(made.db, made.driveId, ['page']);
  return { ...made, admin, pageId, guest: made.stranger };
}

test('a right to delete covers the whole branch; the count tells only of what the actor sees', async () => {
  const { db, owner, guest, driveId, pageId } = await scene();
  const [seen = ''] = await addPages(db, driveId, ['seen', 'unseen', 'unseen too'], pageId);
  await grant(db, pageId, guest, ['canView', 'canDelete']);
  await grant(db, seen, guest, ['canView']);
  expect(await trashPage(db, { userId: guest, pageId })).toEqual({ trashed: 2 });
  expect(await getDriveTree(db, { userId: owner, driveId })).toEqual([]);
});

test('a revocation tells the title only while the person could see the page', async () => {
  const { db, owner, guest, pageId } = await scene();
  const revoked = async (expired: boolean) => {
    await grantPageAccess(db, { actorId: owner, pageId, userId: guest });
    const revision = (await getPage(db, { userId: owner, pageId }))?.revision ?? 0;
    if (expired)
      await db
        .update(pagePermissions)
        .set({ expiresAt: new Date(Date.now() - 1000) })
        .where(and(eq(pagePermissions.pageId, pageId), eq(pagePermissions.userId, guest)));
    const title = expired ? 'secret now' : 'open still';
    await updatePage(db, { userId: owner, pageId, revision, changes: { title } });
    await revokePageAccess(db, { actorId: owner, pageId, userId: guest });
    const { items } = await listNotifications(db, { userId: guest });
    return JSON.stringify(items);
  };
  expect(await revoked(true)).not.toContain('secret now');
  expect(await revoked(false)).toContain('open still');
});

test('the members of a drive in the trash are listed to its owner and ADMINs alone', async () => {
  const { db, owner, admin, member, driveId } = await scene();
  const count = async (userId: string) =>
    (await listDriveMembers(db, { userId, driveId })).items.length;
  expect(await count(member)).toBe(3);
  await trashDrive(db, { userId: owner, driveId });
  expect([await count(owner), await count(admin), await count(member)]).toEqual([3, 3, 0]);
});

describe('what someone gave while they could', () => {
  const invite = async (db: Workspace['db'], actorId: string, driveId: string) => {
    const email = `${actorId}-${driveId}@example.com`;
    const { token } = await inviteMember(db, { actorId, driveId, email, role: 'ADMIN' });
    return { token, userId: await addUser(db, email) };
  };

  test('ends for pending invitations, with the ADMIN’s removal or new role', async () => {
    const { db, owner, admin, driveId } = await scene();
    const one = await invite(db, admin, driveId);
    const change = { actorId: owner, driveId, userId: admin };
    await changeMemberRole(db, { ...change, role: 'MEMBER' });
    await expect(acceptInvitation(db, one)).rejects.toMatchObject({ reason: 'revoked' });
    await changeMemberRole(db, { ...change, role: 'ADMIN' });
    await expect(acceptInvitation(db, one)).rejects.toMatchObject({ reason: 'revoked' });
    const other = await makeScene(workspace);
    await addMember(db, other.driveId, admin, 'ADMIN');
    const two = await invite(db, admin, other.driveId);
    const removal = { actorId: other.owner, driveId: other.driveId, userId: admin };
    await removeMember(db, removal);
    await expect(acceptInvitation(db, two)).rejects.toMatchObject({ reason: 'revoked' });
  });

  test('stays for grants, which name who gave them', async () => {
    const { db, owner, member, guest, pageId } = await scene();
    await grantPageAccess(db, { actorId: owner, pageId, userId: member, canShare: true });
    await grantPageAccess(db, { actorId: member, pageId, userId: guest });
    await revokePageAccess(db, { actorId: owner, pageId, userId: member });
    expect((await getPageAccess(db, { userId: guest, pageId })).canView).toBe(true);
    const { items } = await listPageGrants(db, { userId: owner, pageId });
    expect(items).toMatchObject([{ userId: guest, grantedBy: member }]);
  });
});

test('a notification keeps its words after access ended, as an e-mail does', async () => {
  const { db, owner, guest, pageId } = await scene();
  await grantPageAccess(db, { actorId: owner, pageId, userId: guest });
  const first = async () => (await listNotifications(db, { userId: guest })).items.at(-1);
  const told = await first();
  expect(told?.title).toContain('page');
  await revokePageAccess(db, { actorId: owner, pageId, userId: guest });
  expect(await first()).toEqual(told);
});
