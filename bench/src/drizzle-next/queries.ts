import { and, asc, desc, eq, getColumns, not, or, sql } from 'drizzle-orm-next';
import { alias, unionAll } from 'drizzle-orm-next/pg-core';
import { drizzle } from 'drizzle-orm-next/postgres-js';
import type postgres from 'postgres';
import {
  chatMessages,
  driveMembers,
  driveRoles,
  drives,
  pagePermissions,
  pages,
} from './tables.ts';

/**
 * The five hot queries in Drizzle 1.0 as its documentation says: `jit`, each prepared once, with
 * placeholders.
 */
export function drizzleNextQueries(client: postgres.Sql) {
  const db = drizzle({ client, jit: true });
  const userId = sql.placeholder('userId');
  const pageId = sql.placeholder('pageId');
  const driveId = sql.placeholder('driveId');
  const parentId = sql.placeholder('parentId');
  const limit = sql.placeholder('limit');

  const heldDrive = alias(drives, 'heldDrive');
  const liveDrive = alias(drives, 'liveDrive');
  const part = alias(driveMembers, 'part');
  const partRole = alias(driveRoles, 'partRole');
  const held = alias(pagePermissions, 'held');
  const mayView = sql`((exists (select 1 from ${drives} ${heldDrive} where ${heldDrive.id} = ${pages.driveId} and ${heldDrive.ownerId} = ${userId})
    or exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${pages.driveId} and ${part.userId} = ${userId} and (${part.role} = 'ADMIN'
      or (${part.customRoleId} is not null and (select ${partRole.canView} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})
        and not ${pages.isTrashed} and exists (select 1 from ${drives} ${liveDrive} where ${liveDrive.id} = ${pages.driveId} and not ${liveDrive.isTrashed})))))
    or (not ${pages.isTrashed}
      and exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.id} and ${held.userId} = ${userId} and ${held.canView} and (${held.expiresAt} is null or ${held.expiresAt} > now()))
      and exists (select 1 from ${drives} ${liveDrive} where ${liveDrive.id} = ${pages.driveId} and not ${liveDrive.isTrashed})))`;
  const shownParent = sql<string | null>`${sql`case when ${pages.parentId} is not null and (
      exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.parentId} and ${held.userId} = ${userId} and ${held.canView} and (${held.expiresAt} is null or ${held.expiresAt} > now()))
      or exists (select 1 from ${drives} ${heldDrive} where ${heldDrive.id} = ${pages.driveId} and ${heldDrive.ownerId} = ${userId})
      or exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${pages.driveId} and ${part.userId} = ${userId} and (${part.role} = 'ADMIN'
        or (${part.customRoleId} is not null and (select ${partRole.canView} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})))))
    then ${pages.parentId} end`}`;
  const whole = sql`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and (m.role = 'ADMIN'
      or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
        and (select not l."isTrashed" from drives l where l.id = ${driveId})))))`;
  const manages = sql`(select exists (select 1 from drives h where h.id = ${driveId} and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = ${driveId} and m."userId" = ${userId} and m.role = 'ADMIN'))`;
  const stillGranted = sql`(${pagePermissions.expiresAt} is null or ${pagePermissions.expiresAt} > now())`;

  const {
    id,
    driveId: inDrive,
    title,
    type,
    position,
    revision,
    isTrashed,
    trashedAt,
    lastViewedAt,
    createdAt,
    updatedAt,
  } = getColumns(pages);

  const grants = db
    .select({ id: sql<string>`${pagePermissions.pageId}`.as('id') })
    .from(pagePermissions)
    .where(and(eq(pagePermissions.userId, userId), pagePermissions.canView, stillGranted))
    .as('grants');
  const there = alias(pages, 'there');
  const granted = db
    .select({ isThere: sql`true`.as('isThere') })
    .from(there)
    .where(and(eq(there.driveId, driveId), eq(there.id, grants.id), not(there.isTrashed)))
    .limit(1)
    .as('granted');

  return {
    pageById: db
      .select({ ...getColumns(pages), parentId: shownParent })
      .from(pages)
      .where(and(eq(pages.id, pageId), mayView))
      .prepare('page_by_id'),
    children: db
      .select({
        id,
        driveId: inDrive,
        parentId: shownParent,
        title,
        type,
        position,
        revision,
        isTrashed,
        trashedAt,
        lastViewedAt,
        createdAt,
        updatedAt,
        cursorKey: sql<string>`jsonb_build_array(${pages.position}::text, ${pages.id})::text`,
      })
      .from(pages)
      .where(
        and(
          eq(pages.driveId, driveId),
          eq(pages.parentId, parentId),
          eq(pages.isTrashed, false),
          mayView,
        ),
      )
      .orderBy(asc(pages.position), asc(pages.id))
      .limit(limit)
      .prepare('children'),
    history: db
      .select({
        ...getColumns(chatMessages),
        cursorKey: sql<string>`jsonb_build_array(${chatMessages.createdAt}::text, ${chatMessages.id})::text`,
      })
      .from(chatMessages)
      .innerJoin(pages, eq(pages.id, chatMessages.pageId))
      .where(and(eq(chatMessages.pageId, pageId), sql`${chatMessages.isActive}`, mayView))
      .orderBy(desc(chatMessages.createdAt), desc(chatMessages.id))
      .limit(limit)
      .prepare('history'),
    accessiblePages: unionAll(
      db
        .select({ id: pages.id })
        .from(pages)
        .where(and(eq(pages.driveId, driveId), whole, or(not(pages.isTrashed), manages)))
        .orderBy(asc(pages.id))
        .limit(limit),
      db
        .select({ id: grants.id })
        .from(grants)
        .crossJoinLateral(granted)
        .where(and(sql`(select not "isTrashed" from drives where id = ${driveId})`, not(whole)))
        .orderBy(asc(grants.id))
        .limit(limit),
    ).prepare('accessible_pages'),
    accessCheck: db
      .select({
        pageId: pages.id,
        manages: sql<boolean>`(${drives.ownerId} = ${userId} or coalesce(${driveMembers.role} = 'ADMIN', false))`,
        isLive: sql<boolean>`(not ${pages.isTrashed} and not ${drives.isTrashed})`,
        canView: pagePermissions.canView,
        canEdit: pagePermissions.canEdit,
        canShare: pagePermissions.canShare,
        canDelete: pagePermissions.canDelete,
        expiresAt: pagePermissions.expiresAt,
        roleView: driveRoles.canView,
        roleEdit: driveRoles.canEdit,
        roleShare: driveRoles.canShare,
        roleDelete: driveRoles.canDelete,
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
        and(eq(pagePermissions.pageId, pages.id), eq(pagePermissions.userId, userId), stillGranted),
      )
      .where(eq(pages.id, pageId))
      .prepare('access_check'),
  };
}

export type DrizzleNextQueries = ReturnType<typeof drizzleNextQueries>;
