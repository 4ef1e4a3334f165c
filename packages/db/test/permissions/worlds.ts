import fc from 'fast-check';
import type { Db } from '../../src/database.ts';
import type { PageAccess } from '../../src/queries/permissions.ts';
import {
  driveMembers,
  driveRoles,
  drives,
  pagePermissions,
  pages,
} from '../../src/schema/index.ts';
import { addDrive } from '../people.ts';

export const none = { canView: false, canEdit: false, canShare: false, canDelete: false };
export const all = { canView: true, canEdit: true, canShare: true, canDelete: true };

const day = 86_400_000;
const rightsArbitrary = fc
  .record({ canEdit: fc.boolean(), canShare: fc.boolean(), canDelete: fc.boolean() })
  .chain((more) => fc.boolean().map((canView) => (canView ? { canView, ...more } : { ...none })));
const grantArbitrary = fc.option(
  fc.record({ rights: rightsArbitrary, expiresInDays: fc.constantFrom(null, -400, -1, 1, 400) }),
);
/**
 * One drive: who has which part in it, what the drive's own role of a member gives, and what each of
 * three people was granted on each page.
 */
export const driveArbitrary = fc.record({
  ownerIndex: fc.nat({ max: 2 }),
  isTrashed: fc.boolean(),
  roles: fc.array(fc.constantFrom('ADMIN' as const, 'MEMBER' as const, null), {
    minLength: 3,
    maxLength: 3,
  }),
  ownRoles: fc.array(fc.option(rightsArbitrary), { minLength: 3, maxLength: 3 }),
  pages: fc.array(
    fc.record({
      isTrashed: fc.boolean(),
      grants: fc.array(grantArbitrary, { minLength: 3, maxLength: 3 }),
    }),
    { maxLength: 6 },
  ),
});
export type World = typeof driveArbitrary extends fc.Arbitrary<infer T> ? T : never;

/**
 * The rule in a dozen lines: owner and ADMIN everything, else, outside the trash, what an unexpired grant
 * and a role of the drive's own give together.
 */
export function oracle(world: World, person: number, page: World['pages'][number]): PageAccess {
  if (world.ownerIndex === person || world.roles[person] === 'ADMIN') return all;
  if (world.isTrashed || page.isTrashed) return none;
  const byRole = (world.roles[person] && world.ownRoles[person]) || none;
  const grant = page.grants[person];
  if (!grant || (grant.expiresInDays !== null && grant.expiresInDays < 0)) return byRole;
  return {
    canView: grant.rights.canView || byRole.canView,
    canEdit: grant.rights.canEdit || byRole.canEdit,
    canShare: grant.rights.canShare || byRole.canShare,
    canDelete: grant.rights.canDelete || byRole.canDelete,
  };
}

/** Stores such a drive; with pages of a type that can hold everything that hangs on a page. */
export async function build(db: Db, world: World, people: readonly string[]) {
  const now = Date.now();
  const trash = (isTrashed: boolean) => ({ isTrashed, trashedAt: isTrashed ? new Date() : null });
  const driveId = await addDrive(db, people[world.ownerIndex] ?? '');
  await db.update(drives).set(trash(world.isTrashed));
  const ownRoles = world.ownRoles.flatMap((rights, person) =>
    rights
      ? [{ id: `role ${person} of ${driveId}`, driveId, name: `Role ${person}`, ...rights }]
      : [],
  );
  if (ownRoles.length > 0) await db.insert(driveRoles).values(ownRoles);
  const members = people.flatMap((userId, person) => {
    const role = world.roles[person];
    const customRoleId = world.ownRoles[person] ? `role ${person} of ${driveId}` : null;
    return role && person !== world.ownerIndex ? [{ driveId, userId, role, customRoleId }] : [];
  });
  if (members.length > 0) await db.insert(driveMembers).values(members);
  const pageIds: string[] = [];
  for (const page of world.pages) {
    const rows = await db
      .insert(pages)
      .values({ driveId, title: 'Page', type: 'CHANNEL', position: 1, ...trash(page.isTrashed) })
      .returning({ id: pages.id });
    const pageId = rows[0]?.id ?? '';
    pageIds.push(pageId);
    const grants = people.flatMap((userId, person) => {
      const grant = page.grants[person];
      if (!grant) return [];
      const { rights, expiresInDays } = grant;
      const expiresAt = expiresInDays === null ? null : new Date(now + expiresInDays * day);
      return [{ pageId, userId, ...rights, expiresAt }];
    });
    if (grants.length > 0) await db.insert(pagePermissions).values(grants);
  }
  return { driveId, pageIds };
}
