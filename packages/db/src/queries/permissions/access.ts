import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { driveMembers, driveRoles, drives, pagePermissions, pages } from '../../schema/index.ts';

// The one place that decides who may do what. Every query that reads or writes for a user takes its
// condition from here: an owner or ADMIN of a drive has every right on its pages, in the trash too;
// anyone else has, outside the trash, what an unexpired grant gives on a page and what their role of
// the drive gives on all of them; a MEMBER without either sees the drive alone.

/** A right on a page. Each of the others implies canView, which the database enforces. */
export type PageRight = 'canView' | 'canEdit' | 'canShare' | 'canDelete';

/** A user's id, the placeholder for one in a prepared query, or the column that holds it. */
export type UserIdValue = string | Placeholder | AnyPgColumn;

const heldDrive = alias(drives, 'heldDrive');
const liveDrive = alias(drives, 'liveDrive');
const part = alias(driveMembers, 'part');
const partRole = alias(driveRoles, 'partRole');
const held = alias(pagePermissions, 'held');
const heldPage = alias(pages, 'heldPage');

/** For queries on `page_permissions`: grants that still hold. */
export const unexpiredGrant = sql`(${pagePermissions.expiresAt} is null or ${pagePermissions.expiresAt} > now())`;

const unexpired = sql`(${held.expiresAt} is null or ${held.expiresAt} > now())`;

/** The condition that the drive of the query's row of `pages` is not in the trash. */
export const inLiveDrive = sql`exists (select 1 from ${drives} ${liveDrive} where ${liveDrive.id} = ${pages.driveId} and not ${liveDrive.isTrashed})`;

const ownsDrive = (userId: UserIdValue, driveId: AnyPgColumn | SQL): SQL =>
  sql`exists (select 1 from ${drives} ${heldDrive} where ${heldDrive.id} = ${driveId} and ${heldDrive.ownerId} = ${userId})`;

/**
 * The condition that a user owns or administers a drive.
 * @param driveId the column of the query's row that names the drive, or an id
 */
export const managesDrive = (
  userId: UserIdValue,
  driveId: AnyPgColumn | SQL = pages.driveId,
): SQL =>
  sql`(${ownsDrive(userId, driveId)}
    or exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${driveId} and ${part.userId} = ${userId} and ${part.role} = 'ADMIN'))`;

/**
 * Whether the role that the membership `part` names gives a right. Not a join: the planner would hash the
 * roles of all drives for a person with many memberships. Most members hold none, and are asked no further.
 */
const roleGives = (right: PageRight): SQL =>
  sql`${part.customRoleId} is not null and (select ${partRole[right]} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})`;

/**
 * The condition that a user manages a drive, or holds a role of it for which `byRole` is true. One look at
 * their membership serves both: this is asked for each row of a list.
 */
const managesOrHoldsRole = (userId: UserIdValue, driveId: AnyPgColumn | SQL, byRole: SQL): SQL =>
  sql`(${ownsDrive(userId, driveId)}
    or exists (select 1 from ${driveMembers} ${part}
      where ${part.driveId} = ${driveId} and ${part.userId} = ${userId} and (${part.role} = 'ADMIN' or (${byRole}))))`;

/**
 * The condition that a user has a right on the query's row of `pages`: for one page, or a few.
 */
export const hasPageRight = (userId: UserIdValue, right: PageRight): SQL =>
  sql`(${managesOrHoldsRole(userId, pages.driveId, sql`${roleGives(right)} and not ${pages.isTrashed} and ${inLiveDrive}`)}
    or (not ${pages.isTrashed}
      and exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.id} and ${held.userId} = ${userId} and ${held[right]} and ${unexpired})
      and ${inLiveDrive}))`;

/**
 * The condition that a user may see the parent of the query's row of `pages`, given that they may see
 * the row: so it is in the trash only where they manage the drive.
 */
export const seesParent = (userId: UserIdValue): SQL =>
  sql`(exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.parentId} and ${held.userId} = ${userId} and ${held.canView} and ${unexpired})
    or ${managesOrHoldsRole(userId, pages.driveId, roleGives('canView'))})`;

const ownedDrives = (userId: UserIdValue): SQL =>
  sql`select ${heldDrive.id} from ${drives} ${heldDrive} where ${heldDrive.ownerId} = ${userId}`;

/** The drives that a user owns or administers, read once for a statement. */
const managedDrives = (userId: UserIdValue): SQL => sql`array(
      ${ownedDrives(userId)}
      union all
      select ${part.driveId} from ${driveMembers} ${part} where ${part.userId} = ${userId} and ${part.role} = 'ADMIN')`;

/** The drives on whose live pages a user has a right: those that they manage, and by a role if live. */
export const wholeDrives = (userId: UserIdValue, right: PageRight): SQL => sql`array(
      ${ownedDrives(userId)}
      union all
      select ${part.driveId} from ${driveMembers} ${part}
      where ${part.userId} = ${userId} and (${part.role} = 'ADMIN'
        or (${roleGives(right)} and (select not ${liveDrive.isTrashed} from ${drives} ${liveDrive} where ${liveDrive.id} = ${part.driveId}))))`;

/** The pages on which a user holds a right by an unexpired grant. */
export const grantedPages = (userId: UserIdValue, right: PageRight): SQL =>
  sql`select ${held.pageId} from ${pagePermissions} ${held} where ${held.userId} = ${userId} and ${held[right]} and ${unexpired}`;

/**
 * The same condition for lists: the user's drives and grants are read once, as arrays, so that
 * indexes on pages can start from them. Gives the same answer as `hasPageRight` on every row.
 */
export const hasPageRightAmongMany = (userId: UserIdValue, right: PageRight): SQL =>
  sql`((${pages.driveId} = any (${wholeDrives(userId, right)})
      and (not ${pages.isTrashed} or ${pages.driveId} = any (${managedDrives(userId)})))
    or (not ${pages.isTrashed} and ${pages.id} = any (array(${grantedPages(userId, right)})) and ${inLiveDrive}))`;

/**
 * The same condition for a search, as two that never hold together: a list is the union of both. The
 * search leaves out pages in the trash by itself.
 *
 * Each has an index to start from; with `or` between them the planner puts bitmaps together, and
 * then compares every page that it finds with every grant: 500 ms for 5,000 grants among 1,000,000
 * pages, where the union takes 50.
 */
export const pagesAnywhere = (
  userId: UserIdValue,
  right: PageRight,
): { whole: SQL; granted: SQL } => ({
  whole: sql`${pages.driveId} = any (${wholeDrives(userId, right)})`,
  granted: sql`(${pages.driveId} <> all (${wholeDrives(userId, right)}) and not ${pages.isTrashed}
      and ${pages.id} in (${grantedPages(userId, right)}) and ${inLiveDrive})`,
});

const isLive = (driveId: string | Placeholder): SQL =>
  sql`(select not ${liveDrive.isTrashed} from ${drives} ${liveDrive} where ${liveDrive.id} = ${driveId})`;

/**
 * The condition that a user has a right on every live page of a drive: they manage it, or it is live
 * and their role gives the right. A scalar subquery, so it is asked once per statement.
 */
export const holdsWholeDrive = (
  userId: UserIdValue,
  driveId: string | Placeholder,
  right: PageRight,
): SQL =>
  sql`(select ${managesOrHoldsRole(userId, sql`${driveId}`, sql`${roleGives(right)} and ${isLive(driveId)}`)})`;

/**
 * The same condition for lists of one drive's pages, as two that never hold together: every page for
 * whoever has the right on the whole drive, else those granted. A list is the union of both, each in
 * order and limited, and leaves out pages in the trash by itself.
 *
 * Which of them holds is asked once per statement and not per page, and the other is never run. As
 * one condition with `or`, the planner would now read a huge drive to sort it for its owner, now walk
 * through it for a guest with three grants.
 *
 * @param driveId an id or the placeholder for one, never a column
 */
export const pagesInDrive = (
  userId: UserIdValue,
  driveId: string | Placeholder,
  right: PageRight,
): { whole: SQL; granted: SQL } => {
  const whole = holdsWholeDrive(userId, driveId, right);
  return {
    whole: sql`(${pages.driveId} = ${driveId} and ${whole})`,
    granted: sql`(${pages.driveId} = ${driveId} and not ${whole} and not ${pages.isTrashed}
      and ${pages.id} = any (array(${grantedPages(userId, right)}))
      and ${isLive(driveId)})`,
  };
};

/** Grants from which on a list of a drive's pages starts from the drive: reading each would cost more. */
const FEW_GRANTS = 500;

/**
 * The granted branch of `pagesInDrive` for a list of one page in an order that an index on pages has: it
 * costs the same in a drive of ten pages and of a million.
 *
 * The planner takes every drive for an average one and walks through it in order, looking for the user's
 * pages: the whole drive, where someone with three grants sees three. A user with few grants is served
 * from the grants; a user with many soon meets a granted page on that walk.
 *
 * @param walk the list's ids where they are searched in order: its query on `pages` with this condition,
 *   ordered and limited
 */
export const grantedInDrive = (
  userId: UserIdValue,
  driveId: string | Placeholder,
  right: PageRight,
  walk: (condition: SQL) => SQL,
): SQL => {
  const whole = holdsWholeDrive(userId, driveId, right);
  const grants = sql`array(${grantedPages(userId, right)})`;
  const searched = walk(
    sql`${pages.driveId} = ${driveId} and not ${pages.isTrashed} and ${pages.id} = any (${grants})`,
  );
  const holdsFew = sql`(select count(*) <= ${sql.raw(String(FEW_GRANTS))} from (${grantedPages(userId, right)} limit ${sql.raw(String(FEW_GRANTS + 1))}) few)`;
  // No index serves "is not distinct from": with "=" the planner would start from the drive again.
  return sql`(not ${whole} and not ${pages.isTrashed} and ${pages.driveId} is not distinct from ${driveId}
      and ${pages.id} = any (case when ${holdsFew} then ${grants} else array(${searched}) end)
      and ${isLive(driveId)})`;
};

/**
 * The condition that a user may see that a drive exists: its owner and members, and who holds an
 * unexpired grant on one of its pages while neither is in the trash.
 * For queries on `drives`.
 */
export const seesDrive = (userId: UserIdValue): SQL =>
  sql`(${managesDrive(userId, drives.id)}
    or (not ${drives.isTrashed} and (
      exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${drives.id} and ${part.userId} = ${userId})
      or exists (select 1 from ${pagePermissions} ${held} join ${pages} ${heldPage} on ${heldPage.id} = ${held.pageId}
        where ${held.userId} = ${userId} and ${held.canView} and ${unexpired} and ${heldPage.driveId} = ${drives.id} and not ${heldPage.isTrashed}))))`;

/** The same condition for lists of drives: the user's parts and grants are read once, as arrays. */
export const seesDriveAmongMany = (userId: UserIdValue): SQL =>
  sql`(${drives.ownerId} = ${userId}
    or ${drives.id} = any (array(
      select ${part.driveId} from ${driveMembers} ${part} where ${part.userId} = ${userId} and ${part.role} = 'ADMIN'))
    or (not ${drives.isTrashed} and ${drives.id} = any (array(
      select ${part.driveId} from ${driveMembers} ${part} where ${part.userId} = ${userId}
      union
      select ${heldPage.driveId} from ${pagePermissions} ${held} join ${pages} ${heldPage} on ${heldPage.id} = ${held.pageId}
      where ${held.userId} = ${userId} and ${held.canView} and ${unexpired} and not ${heldPage.isTrashed}))))`;

/** One user's rights on one page. */
export type PageAccess = Record<PageRight, boolean>;

export const noAccess: PageAccess = {
  canView: false,
  canEdit: false,
  canShare: false,
  canDelete: false,
};
const fullAccess: PageAccess = { canView: true, canEdit: true, canShare: true, canDelete: true };

/**
 * A user's membership, role and grant for pages by id: every right at once, for `rightsOf`.
 * @param which the pages, told by their unique id: it bounds the rows
 */
export function accessRows(db: Db, userId: Placeholder, which: SQL) {
  return db
    .select({
      // Named as the rows are read, so that the driver's rows need no second making.
      pageId: sql<string>`${pages.id}`.as('pageId'),
      manages:
        sql<boolean>`(${drives.ownerId} = ${userId} or coalesce(${driveMembers.role} = 'ADMIN', false))`.as(
          'manages',
        ),
      isLive: sql<boolean>`(not ${pages.isTrashed} and not ${drives.isTrashed})`.as('isLive'),
      canView: pagePermissions.canView,
      canEdit: pagePermissions.canEdit,
      canShare: pagePermissions.canShare,
      canDelete: pagePermissions.canDelete,
      expiresAt: pagePermissions.expiresAt,
      roleView: sql<boolean | null>`${driveRoles.canView}`.as('roleView'),
      roleEdit: sql<boolean | null>`${driveRoles.canEdit}`.as('roleEdit'),
      roleShare: sql<boolean | null>`${driveRoles.canShare}`.as('roleShare'),
      roleDelete: sql<boolean | null>`${driveRoles.canDelete}`.as('roleDelete'),
    })
    .from(pages)
    .innerJoin(drives, eq(drives.id, pages.driveId))
    .leftJoin(
      driveMembers,
      and(eq(driveMembers.driveId, pages.driveId), eq(driveMembers.userId, userId)),
    )
    .leftJoin(driveRoles, eq(driveRoles.id, driveMembers.customRoleId))
    .leftJoin(
      pagePermissions,
      and(eq(pagePermissions.pageId, pages.id), eq(pagePermissions.userId, userId), unexpiredGrant),
    )
    .where(which);
}

type AccessRow = Awaited<ReturnType<typeof accessRows>>[number];

/** The rights of a row: the same answer as `hasPageRight` for each of them. */
export function rightsOf(row: AccessRow): PageAccess {
  if (row.manages) return fullAccess;
  if (!row.isLive) return noAccess;
  const byRole = ofRole(row);
  return {
    canView: byRole.canView || row.canView === true,
    canEdit: byRole.canEdit || row.canEdit === true,
    canShare: byRole.canShare || row.canShare === true,
    canDelete: byRole.canDelete || row.canDelete === true,
  };
}

const ofRole = (row: AccessRow): PageAccess => ({
  canView: row.roleView === true,
  canEdit: row.roleEdit === true,
  canShare: row.roleShare === true,
  canDelete: row.roleDelete === true,
});

/** Those of a row's rights that have no end: what the membership gives. The rest ends with the grant. */
export const lastingRightsOf = (row: AccessRow): PageAccess =>
  row.manages ? fullAccess : ofRole(row);
