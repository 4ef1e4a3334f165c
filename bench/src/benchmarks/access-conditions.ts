import { driveMembers, driveRoles, drives, pagePermissions, pages } from '@pagespace/db';
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { sql as kyselySql, type RawBuilder } from 'kysely';

// The two conditions on what this user sees of a page, as each contestant writes them.

const heldDrive = alias(drives, 'heldDrive');
const liveDrive = alias(drives, 'liveDrive');
const part = alias(driveMembers, 'part');
const partRole = alias(driveRoles, 'partRole');
const held = alias(pagePermissions, 'held');

export const mayViewInDrizzle = (userId: string | Placeholder): SQL =>
  sql`((exists (select 1 from ${drives} ${heldDrive} where ${heldDrive.id} = ${pages.driveId} and ${heldDrive.ownerId} = ${userId})
    or exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${pages.driveId} and ${part.userId} = ${userId} and (${part.role} = 'ADMIN'
      or (${part.customRoleId} is not null and (select ${partRole.canView} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})
        and not ${pages.isTrashed} and exists (select 1 from ${drives} ${liveDrive} where ${liveDrive.id} = ${pages.driveId} and not ${liveDrive.isTrashed})))))
    or (not ${pages.isTrashed}
      and exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.id} and ${held.userId} = ${userId} and ${held.canView} and (${held.expiresAt} is null or ${held.expiresAt} > now()))
      and exists (select 1 from ${drives} ${liveDrive} where ${liveDrive.id} = ${pages.driveId} and not ${liveDrive.isTrashed})))`;

export const mayViewInKysely = (userId: string): RawBuilder<boolean> =>
  kyselySql<boolean>`((exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
    or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
            or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")
              and not pages."isTrashed" and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))))
    or (not pages."isTrashed"
      and exists (select 1 from page_permissions g where g."pageId" = pages.id and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
      and exists (select 1 from drives l where l.id = pages."driveId" and not l."isTrashed")))`;

/** The parent's id, for a user who may see it too. Nested, or Drizzle leaves the tables' names away. */
export const shownParentInDrizzle = (userId: string | Placeholder): SQL<string | null> =>
  sql<string | null>`${sql`case when ${pages.parentId} is not null and (
      exists (select 1 from ${pagePermissions} ${held} where ${held.pageId} = ${pages.parentId} and ${held.userId} = ${userId} and ${held.canView} and (${held.expiresAt} is null or ${held.expiresAt} > now()))
      or exists (select 1 from ${drives} ${heldDrive} where ${heldDrive.id} = ${pages.driveId} and ${heldDrive.ownerId} = ${userId})
      or exists (select 1 from ${driveMembers} ${part} where ${part.driveId} = ${pages.driveId} and ${part.userId} = ${userId} and (${part.role} = 'ADMIN'
        or (${part.customRoleId} is not null and (select ${partRole.canView} from ${driveRoles} ${partRole} where ${partRole.id} = ${part.customRoleId})))))
    then ${pages.parentId} end`}`;

export const shownParentInKysely = (userId: string): RawBuilder<string | null> =>
  kyselySql<string | null>`case when pages."parentId" is not null and (
      exists (select 1 from page_permissions g where g."pageId" = pages."parentId" and g."userId" = ${userId} and g."canView" and (g."expiresAt" is null or g."expiresAt" > now()))
      or exists (select 1 from drives h where h.id = pages."driveId" and h."ownerId" = ${userId})
      or exists (select 1 from drive_members m where m."driveId" = pages."driveId" and m."userId" = ${userId} and (m.role = 'ADMIN'
                or (m."customRoleId" is not null and (select r."canView" from drive_roles r where r.id = m."customRoleId")))))
    then pages."parentId" end`;
