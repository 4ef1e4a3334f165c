import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  acceptInvitation,
  changeMemberRole,
  inviteMember,
  leaveDrive,
  listInvitations,
  removeMember,
  transferOwnership,
} from '../../src/queries/members.ts';
import { grantPageAccess } from '../../src/queries/permissions.ts';
import { driveMembers, drives, pagePermissions, pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addPage, addUser } from '../people.ts';
import { openRacers, type Racers } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

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

interface Scene {
  readonly driveId: string;
  readonly owner: string;
  readonly admin: string;
  readonly member: string;
  readonly pageId: string;
}

let owner: string;
let admin: string;
let member: string;
async function setup(): Promise<Scene> {
  const { db } = workspace;
  owner ??= await addUser(db);
  admin ??= await addUser(db);
  member ??= await addUser(db);
  const driveId = await addDrive(db, owner);
  await addMember(db, driveId, admin, 'ADMIN');
  await addMember(db, driveId, member, 'MEMBER');
  return { driveId, owner, admin, member, pageId: await addPage(db, driveId) };
}

/** The drive's owner is its one OWNER, and someone without a part in it holds no grant there. */
async function check({ driveId }: Scene): Promise<void> {
  const { db } = workspace;
  const [drive] = await db
    .select({ ownerId: drives.ownerId })
    .from(drives)
    .where(eq(drives.id, driveId));
  const members = await db
    .select({ userId: driveMembers.userId, role: driveMembers.role })
    .from(driveMembers)
    .where(eq(driveMembers.driveId, driveId));
  const owners = members.filter(({ role }) => role === 'OWNER');
  expect(owners).toEqual([{ userId: drive?.ownerId, role: 'OWNER' }]);
}

const transfer = (db: Db, { owner: actorId, member: userId, driveId }: Scene) =>
  transferOwnership(db, { actorId, driveId, userId });

describe.skipIf(!capabilities.concurrency)('a drive keeps its one owner', () => {
  const run = (name: string, calls: ((db: Db, scene: Scene) => Promise<unknown>)[]) =>
    race({ name, connections: racers.connections, setup, calls, check });

  test('transferOwnership × leaveDrive of the heir', async () => {
    await run('transferOwnership × leaveDrive', [
      transfer,
      (db, { member: userId, driveId }) => leaveDrive(db, { userId, driveId }),
    ]);
  });

  test('transferOwnership × removeMember of the heir', async () => {
    await run('transferOwnership × removeMember', [
      transfer,
      (db, { admin: actorId, member: userId, driveId }) =>
        removeMember(db, { actorId, driveId, userId }),
    ]);
  });

  test('transferOwnership × changeMemberRole of the heir', async () => {
    await run('transferOwnership × changeMemberRole', [
      transfer,
      (db, { admin: actorId, member: userId, driveId }) =>
        changeMemberRole(db, { actorId, driveId, userId, role: 'ADMIN' }),
    ]);
  });

  test('transferOwnership to two heirs, while the first leaves', async () => {
    await run('transferOwnership × transferOwnership × leaveDrive', [
      transfer,
      (db, { owner: actorId, admin: userId, driveId }) =>
        transferOwnership(db, { actorId, driveId, userId }),
      (db, { member: userId, driveId }) => leaveDrive(db, { userId, driveId }),
    ]);
  });
});

describe.skipIf(!capabilities.concurrency)('whoever goes takes their grants along', () => {
  test('removeMember × grantPageAccess by the removed ADMIN', async () => {
    await race({
      name: 'removeMember × grantPageAccess',
      connections: racers.connections,
      setup,
      calls: [
        (db: Db, { owner: actorId, admin: userId, driveId }: Scene) =>
          removeMember(db, { actorId, driveId, userId }),
        (db: Db, { admin: actorId, member: userId, pageId }: Scene) =>
          grantPageAccess(db, { actorId, userId, pageId, canShare: true }),
      ],
      check: async (scene, [removed]) => {
        await check(scene);
        expect(removed?.ok).toBe(true);
      },
    });
  });

  test('leaveDrive × grantPageAccess to who leaves: the later of the two holds', async () => {
    await race({
      name: 'leaveDrive × grantPageAccess',
      connections: racers.connections,
      setup,
      calls: [
        (db: Db, { member: userId, driveId }: Scene) => leaveDrive(db, { userId, driveId }),
        (db: Db, { owner: actorId, member: userId, pageId }: Scene) =>
          grantPageAccess(db, { actorId, userId, pageId }),
      ],
      check: async (scene, outcomes) => {
        await check(scene);
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        const { db } = workspace;
        const grants = await db
          .select({ id: pagePermissions.id })
          .from(pagePermissions)
          .innerJoin(pages, eq(pages.id, pagePermissions.pageId))
          .where(and(eq(pages.driveId, scene.driveId), eq(pagePermissions.userId, scene.member)));
        expect(grants.length).toBeLessThanOrEqual(1);
      },
    });
  });

  test('changeMemberRole × inviteMember by who is no ADMIN any more: no invitation of theirs stays', async () => {
    await race({
      name: 'changeMemberRole × inviteMember',
      connections: racers.connections,
      setup,
      calls: [
        (db: Db, { owner: actorId, admin: userId, driveId }: Scene) =>
          changeMemberRole(db, { actorId, driveId, userId, role: 'MEMBER' }),
        (db: Db, { admin: actorId, driveId }: Scene) =>
          inviteMember(db, { actorId, driveId, email: `to-${driveId}@example.com`, role: 'ADMIN' }),
      ],
      check: async (scene, [changed]) => {
        await check(scene);
        expect(changed?.ok).toBe(true);
        const { items } = await listInvitations(workspace.db, {
          userId: scene.owner,
          driveId: scene.driveId,
        });
        expect(items.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
      },
    });
  });

  test('acceptInvitation × acceptInvitation × removeMember of who accepts', async () => {
    await race({
      name: 'acceptInvitation × acceptInvitation × removeMember',
      connections: racers.connections,
      setup: async () => {
        const { db } = workspace;
        const scene = await setup();
        const email = `guest-${scene.driveId}@example.com`;
        const guest = await addUser(db, email);
        const { token } = await inviteMember(db, {
          actorId: scene.owner,
          driveId: scene.driveId,
          email,
          role: 'ADMIN',
        });
        return { ...scene, guest, token };
      },
      calls: [
        (db: Db, { guest: userId, token }) => acceptInvitation(db, { userId, token }),
        (db: Db, { guest: userId, token }) => acceptInvitation(db, { userId, token }),
        (db: Db, { owner: actorId, guest: userId, driveId }) =>
          removeMember(db, { actorId, driveId, userId }),
      ],
      check: async (scene, [one, other]) => {
        await check(scene);
        expect([one?.ok, other?.ok].sort()).toEqual([false, true]);
      },
    });
  });
});
