import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/database.ts';
import {
  assignDriveRole,
  changeMemberRole,
  createDriveRole,
  deleteDriveRole,
  leaveDrive,
  removeMember,
  transferOwnership,
  updateDriveRole,
} from '../../src/queries/members.ts';
import { getPageAccess, grantPageAccess } from '../../src/queries/permissions.ts';
import { driveMembers, driveRoles } from '../../src/schema/index.ts';
import { makeScene } from '../core/scene.ts';
import { addPage } from '../people.ts';
import { openRacers, type Racers, whileOpen } from '../racers.ts';
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

/** A drive with a role that its member may be given, and a page. */
async function setup() {
  const { db, owner, member, stranger, driveId } = await makeScene(workspace);
  const pageId = await addPage(db, driveId);
  const sharer = { actorId: owner, driveId, name: 'Sharer', canShare: true };
  const { id: roleId } = await createDriveRole(db, sharer);
  return { owner, member, stranger, driveId, pageId, roleId };
}
type Scene = Awaited<ReturnType<typeof setup>>;

async function holding() {
  const scene = await setup();
  await assign(workspace.db, scene);
  return scene;
}

const assign = (db: Db, { owner: actorId, member: userId, driveId, roleId }: Scene) =>
  assignDriveRole(db, { actorId, driveId, userId, roleId });
const remove = (db: Db, { owner: actorId, member: userId, driveId }: Scene) =>
  removeMember(db, { actorId, driveId, userId });
const destroy = (db: Db, { owner: actorId, roleId }: Scene) =>
  deleteDriveRole(db, { actorId, roleId });
const blind = (db: Db, { owner: actorId, roleId }: Scene) =>
  updateDriveRole(db, { actorId, roleId, changes: { canView: false, canShare: false } });

async function partOf({ driveId, member }: Scene) {
  const [part] = await workspace.db
    .select({ role: driveMembers.role, customRoleId: driveMembers.customRoleId })
    .from(driveMembers)
    .where(and(eq(driveMembers.driveId, driveId), eq(driveMembers.userId, member)));
  return part;
}

/** Only a MEMBER holds a role, and only one that is there. */
async function check(scene: Scene): Promise<void> {
  const part = await partOf(scene);
  if (part && part.role !== 'MEMBER') expect(part.customRoleId).toBeNull();
  const roles = await workspace.db
    .select({ id: driveRoles.id })
    .from(driveRoles)
    .where(eq(driveRoles.driveId, scene.driveId));
  if (part?.customRoleId) expect(roles).toEqual([{ id: part.customRoleId }]);
}

describe.skipIf(!capabilities.concurrency)('a role that is given while', () => {
  type Call = (db: Db, scene: Scene) => Promise<unknown>;
  const run = (name: string, ...calls: Call[]) =>
    race({ name, connections: racers.connections, setup, calls: [assign, ...calls], check });

  test('it is deleted is held by nobody', () => run('assignDriveRole × deleteDriveRole', destroy));

  test('it changes', () =>
    run('assignDriveRole × updateDriveRole × deleteDriveRole', blind, destroy));

  test('the member is removed or leaves', () =>
    run('assignDriveRole × removeMember × leaveDrive', remove, (db, { member: userId, driveId }) =>
      leaveDrive(db, { userId, driveId }),
    ));

  test('the member becomes an ADMIN', () =>
    run('assignDriveRole × changeMemberRole', (db, { owner: actorId, member: userId, driveId }) =>
      changeMemberRole(db, { actorId, driveId, userId, role: 'ADMIN' }),
    ));

  test('the member becomes the owner', () =>
    run('assignDriveRole × transferOwnership', (db, { owner: actorId, member: userId, driveId }) =>
      transferOwnership(db, { actorId, driveId, userId }),
    ));

  test('another takes its name', async () => {
    await race({
      name: 'createDriveRole × createDriveRole',
      connections: racers.connections,
      setup,
      calls: ['Twin', 'twin'].map(
        (name) =>
          (db: Db, { owner: actorId, driveId }: Scene) =>
            createDriveRole(db, { actorId, driveId, name }),
      ),
      check: (_, [one, other]) => expect([one?.ok, other?.ok].sort()).toEqual([false, true]),
    });
  });
});

describe.skipIf(!capabilities.concurrency)('a right of a role that ends', () => {
  const grant = (db: Db, { member: actorId, stranger: userId, pageId }: Scene) =>
    grantPageAccess(db, { actorId, userId, pageId });

  test.each([
    ['is deleted', destroy],
    ['changes', blind],
    [
      'is taken away',
      (tx: Db, { owner: actorId, member: userId, driveId }: Scene) =>
        assignDriveRole(tx, { actorId, driveId, userId, roleId: null }),
    ],
    ['goes with its holder', remove],
  ])(
    'grants nothing any more, once the role %s, though that is not committed yet',
    async (_, end) => {
      const scene = await holding();
      const { later } = await whileOpen<unknown, unknown>(
        workspace,
        (tx) => end(tx, scene),
        (db) => grant(db, scene),
      );
      await expect(later[0]?.outcome).rejects.toMatchObject({ code: 'NOT_FOUND' });
      const { stranger: userId, pageId } = scene;
      expect(await getPageAccess(workspace.db, { userId, pageId })).toMatchObject({
        canView: false,
      });
    },
  );

  test('a removed holder has no part, whatever they or others do at the same time', () =>
    race({
      name: 'removeMember × deleteDriveRole × grantPageAccess by the holder',
      connections: racers.connections,
      setup: holding,
      calls: [remove, destroy, grant],
      check: async (scene, [removed]) => {
        await check(scene);
        expect(removed?.ok).toBe(true);
        expect(await partOf(scene)).toBeUndefined();
      },
    }));
});
