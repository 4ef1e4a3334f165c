import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../database.ts';
import { driveMembers, driveRoles, drives, pagePermissions, pages } from '../../schema/index.ts';

// The one place that decides rights. Every query that reads or writes for a user takes its
// condition from here. The owner and ADMINs of a drive have every right on its pages, in the trash
// too. Anyone else has, outside the trash, the rights of an unexpired grant on a page and those of
// their role in the drive on all of its pages. A MEMBER without either sees only the drive.

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

/** For queries on `page_permissions`: the condition that a grant still holds. */
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
 * The condition that the role of the membership `part` gives a right. It is no join, because for a
 * person with many memberships the planner would hash the roles of all drives. Most members hold no
 * role, and need no lookup.
 */
const roleGives = (right: PageRight): SQL =>
  sql`${part.customRoleId} is not null and (select ${partRole[right]} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})`;

/**
 * The condition that a user manages a drive, or holds a role of it for which `byRole` is true. One
 * lookup of their membership serves both, because a list evaluates this for each row.
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
 * The condition that a user may see the parent of the query's row of `pages`, given that they may
 * see the row, which is in the trash only if they manage the drive.
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

/**
 * The drives on whose live pages a user has a right: by managing the drive, or by a role in a live
 * one.
 */
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
 * The same condition for lists: it reads the user's drives and grants once, as arrays, so that
 * indexes on pages can start from them. It gives the same answer as `hasPageRight` on every row.
 */
export const hasPageRightAmongMany = (userId: UserIdValue, right: PageRight): SQL =>
  sql`((${pages.driveId} = any (${wholeDrives(userId, right)})
      and (not ${pages.isTrashed} or ${pages.driveId} = any (${managedDrives(userId)})))
    or (not ${pages.isTrashed} and ${pages.id} = any (array(${grantedPages(userId, right)})) and ${inLiveDrive}))`;

/**
 * The same condition for a search, as two that exclude each other; a list is the union of both. The
 * search itself leaves out pages in the trash.
 *
 * Each has an index to start from. With `or` between them the planner combines bitmaps and then
 * compares every page that it finds with every grant: 500 ms for 5,000 grants among 1,000,000
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
 * The condition that a user has a right on every live page of a drive: they manage it, or it is
 * live and their role gives the right. It is a scalar subquery, so it runs once per statement.
 */
export const holdsWholeDrive = (
  userId: UserIdValue,
  driveId: string | Placeholder,
  right: PageRight,
): SQL =>
  sql`(select ${managesOrHoldsRole(userId, sql`${driveId}`, sql`${roleGives(right)} and ${isLive(driveId)}`)})`;

/**
 * The same condition for lists of one drive's pages, as two that exclude each other: every page for
 * a user with the right on the whole drive, else the granted ones. A list is the union of both,
 * each in order and limited, and itself leaves out pages in the trash.
 *
 * The statement decides once which of them holds, and never runs the other. With one condition and
 * `or`, the planner would sort a huge drive for its owner, or read all of it for a guest with three
 * grants.
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

/**
 * With more grants than this, a list of a drive's pages starts from the drive, because reading each
 * grant would cost more.
 */
const FEW_GRANTS = 500;

/**
 * The granted branch of `pagesInDrive` for a list of one page in an order that an index on pages
 * has: it costs the same in a drive of ten pages as in one of a million.
 *
 * The planner takes every drive for an average one and reads it in order, looking for the user's
 * pages: the whole drive, for someone with three grants. So a list for few grants starts from the
 * grants; with many grants, that walk soon meets a granted page.
 *
 * @param walk the query for the list's ids in order: on `pages`, with this condition, ordered and
 *   limited
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
  // No index serves "is not distinct from"; with "=" the planner would start from the drive again.
  return sql`(not ${whole} and not ${pages.isTrashed} and ${pages.driveId} is not distinct from ${driveId}
      and ${pages.id} = any (case when ${holdsFew} then ${grants} else array(${searched}) end)
      and ${isLive(driveId)})`;
};

/**
 * The condition that a user may see that a drive exists: as owner or member, or by an unexpired
 * grant on one of its pages while neither is in the trash. For queries on `drives`.
 */
export const seesDrive = (userId: UserIdValue): SQL =>
  sql`(${managesDrive(userId, drives.id)}
    or (not ${drives.isTrashed} and (
      exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${drives.id} and ${part.userId} = ${userId})
      or exists (select 1 from ${pagePermissions} ${held} join ${pages} ${heldPage} on ${heldPage.id} = ${held.pageId}
        where ${held.userId} = ${userId} and ${held.canView} and ${unexpired} and ${heldPage.driveId} = ${drives.id} and not ${heldPage.isTrashed}))))`;

/**
 * The same condition for lists of drives: it reads the user's memberships and grants once, as
 * arrays.
 */
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
 * @param which the pages, by their unique id, which bounds the rows
 */
export function accessRows(db: Db, userId: Placeholder, which: SQL) {
  return db
    .select({
      // The names are those of the result, so that the driver's rows need no mapping.
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

/**
 * Those of a row's rights that have no end, because the membership gives them. The others end with
 * the grant.
 */
export const lastingRightsOf = (row: AccessRow): PageAccess =>
  row.manages ? fullAccess : ofRole(row);
