import type { Clients } from './clients.ts';

const count = 300;

/** Pages that a user sees by a grant, by a role in the drive, or because the drive is theirs, a third each. */
export async function visiblePages({ raw }: Clients) {
  return await raw<{ userId: string; pageId: string; driveId: string }[]>`
    (select g."userId", g."pageId", p."driveId"
     from page_permissions g join pages p on p.id = g."pageId" join drives d on d.id = p."driveId"
     where g."canView" and g."expiresAt" is null and not p."isTrashed" and not d."isTrashed"
     order by md5(g.id) limit ${count / 3})
    union all
    (select m."userId", p.id, p."driveId"
     from (select "userId", "driveId" from drive_members where "customRoleId" is not null order by md5(id) limit ${count / 3}) m
     cross join lateral (select id, "driveId" from pages where "driveId" = m."driveId" and not "isTrashed" order by md5(id) limit 1) p)
    union all
    (select d."ownerId", p.id, p."driveId"
     from (select id, "ownerId" from drives where id <> 'bench-drive' order by md5(id) limit ${count / 3}) d
     cross join lateral (select id, "driveId" from pages where "driveId" = d.id and not "isTrashed" order by md5(id) limit 1) p)`;
}

/** Pages with children, asked for by the drive's owner. */
export async function parents({ raw }: Clients) {
  return await raw<{ userId: string; driveId: string; parentId: string }[]>`
    select d."ownerId" as "userId", d.id as "driveId", p."parentId"
    from (select id, "ownerId" from drives where id <> 'bench-drive' order by md5(id) limit ${count}) d
    cross join lateral (
      select "parentId" from pages where "driveId" = d.id and "parentId" is not null and not "isTrashed"
      order by md5(id) limit 1) p`;
}

/** Chats with messages, asked for by the drive's owner. */
export async function chats({ raw }: Clients) {
  return await raw<{ userId: string; pageId: string }[]>`
    select d."ownerId" as "userId", p.id as "pageId"
    from (select id, "ownerId" from drives where id <> 'bench-drive' order by md5(id) limit ${count}) d
    cross join lateral (
      select p.id from pages p where p."driveId" = d.id and p.type = 'AI_CHAT' and not p."isTrashed"
        and exists (select 1 from chat_messages m where m."pageId" = p.id)
      order by md5(p.id) limit 1) p`;
}

/** Users with grants in a drive that is not theirs. */
export async function guests({ raw }: Clients) {
  return await raw<{ userId: string; driveId: string }[]>`
    select distinct g."userId", p."driveId"
    from (select "userId", "pageId" from page_permissions where "canView" order by md5(id) limit ${count}) g
    join pages p on p.id = g."pageId"`;
}

/** Users who see a drive's pages by a role in it. */
export async function roleHolders({ raw }: Clients) {
  return await raw<{ userId: string; driveId: string }[]>`
    select "userId", "driveId" from drive_members where "customRoleId" is not null
    order by md5(id) limit ${count}`;
}

/** Drives of an ordinary size, with their owners. */
export async function ownedDrives({ raw }: Clients) {
  return await raw<{ userId: string; driveId: string }[]>`
    select d."ownerId" as "userId", d.id as "driveId" from drives d
    where d.id <> 'bench-drive' and not d."isTrashed"
      and (select count(*) from pages p where p."driveId" = d.id) > 100
    order by md5(d.id) limit ${count}`;
}
