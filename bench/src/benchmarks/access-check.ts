import {
  driveMembers,
  driveRoles,
  drives,
  getPageAccess,
  pagePermissions,
  pages,
} from '@pagespace/db';
import { and, eq, sql } from 'drizzle-orm';
import { sql as kyselySql } from 'kysely';
import { type Benchmark, hotTargets } from '../benchmark.ts';
import type { Clients } from '../clients.ts';
import { type Filled, rowsBy } from '../prepared-drizzle.ts';
import { compiledOnce } from '../prepared-kysely.ts';
import { prismaContestant } from '../prisma/client.ts';
import { accessInPrisma } from '../prisma/queries.ts';
import { visiblePages } from '../samples.ts';

type Params = Awaited<ReturnType<typeof visiblePages>>[number];

interface Row {
  readonly manages: boolean;
  readonly isLive: boolean;
  readonly canView: boolean | null;
  readonly canEdit: boolean | null;
  readonly canShare: boolean | null;
  readonly canDelete: boolean | null;
  readonly roleView: boolean | null;
  readonly roleEdit: boolean | null;
  readonly roleShare: boolean | null;
  readonly roleDelete: boolean | null;
}

function accessOf(row: Row | undefined) {
  const all = row?.manages ?? false;
  const live = row?.isLive ?? false;
  return {
    canView: all || (live && (row?.canView === true || row?.roleView === true)),
    canEdit: all || (live && (row?.canEdit === true || row?.roleEdit === true)),
    canShare: all || (live && (row?.canShare === true || row?.roleShare === true)),
    canDelete: all || (live && (row?.canDelete === true || row?.roleDelete === true)),
  };
}

export const accessCheck: Benchmark<Params> = {
  name: 'access-check',
  title: 'Access check',
  about: 'The rights of one user on one page: drive, membership, role and grant in one statement.',
  throughput: true,
  targets: hotTargets(1.25),
  samples: visiblePages,
  comparable: (result) => result,
  contestants: ({ db, raw, drizzle, drizzleNext, kysely, preparingKysely, prisma }) => [
    {
      name: 'raw postgres.js',
      run: async ({ userId, pageId }) => {
        const [row] = await raw<Row[]>`
          select pages.id, (drives."ownerId" = ${userId} or coalesce(drive_members.role = 'ADMIN', false)) as manages,
            (not pages."isTrashed" and not drives."isTrashed") as "isLive",
            page_permissions."canView", page_permissions."canEdit", page_permissions."canShare",
            page_permissions."canDelete", page_permissions."expiresAt",
            drive_roles."canView" as "roleView", drive_roles."canEdit" as "roleEdit",
            drive_roles."canShare" as "roleShare", drive_roles."canDelete" as "roleDelete"
          from pages join drives on drives.id = pages."driveId"
          left join drive_members on drive_members."driveId" = pages."driveId"
            and drive_members."userId" = ${userId}
          left join drive_roles on drive_roles.id = drive_members."customRoleId"
          left join page_permissions on page_permissions."pageId" = pages.id
            and page_permissions."userId" = ${userId}
            and (page_permissions."expiresAt" is null or page_permissions."expiresAt" > now())
          where pages.id = ${pageId}`;
        return accessOf(row);
      },
    },
    { name: 'this project', run: (params) => getPageAccess(db, params) },
    {
      name: 'plain Drizzle',
      run: async (params) => accessOf((await inDrizzle(drizzle, params))[0]),
    },
    {
      name: 'Drizzle, prepared',
      run: accessBy(rowsBy(inDrizzle(drizzle, placeholders).prepare('access_check'))),
    },
    { name: 'Drizzle 1.0, prepared', run: accessBy(rowsBy(drizzleNext.accessCheck)) },
    {
      name: 'Kysely',
      run: async (params) => accessOf(await inKysely(kysely, params).executeTakeFirst()),
    },
    {
      name: 'Kysely, prepared',
      run: accessBy(
        compiledOnce(preparingKysely, ['userId', 'pageId'], (params) =>
          inKysely(preparingKysely, params),
        ),
      ),
    },
    ...prismaContestant(prisma, async (client, params: Params) =>
      accessOf(await accessInPrisma(client, params)),
    ),
  ],
};

const accessBy = (rows: (params: Params) => Promise<Row[]>) => async (params: Params) =>
  accessOf((await rows(params))[0]);

const placeholders = { userId: sql.placeholder('userId'), pageId: sql.placeholder('pageId') };

const inDrizzle = (drizzle: Clients['drizzle'], { userId, pageId }: Filled<'userId' | 'pageId'>) =>
  drizzle
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
      and(
        eq(pagePermissions.pageId, pages.id),
        eq(pagePermissions.userId, userId),
        sql`(${pagePermissions.expiresAt} is null or ${pagePermissions.expiresAt} > now())`,
      ),
    )
    .where(eq(pages.id, pageId));

const inKysely = (
  kysely: Clients['kysely'],
  { userId, pageId }: Pick<Params, 'userId' | 'pageId'>,
) =>
  kysely
    .selectFrom('pages')
    .innerJoin('drives', 'drives.id', 'pages.driveId')
    .leftJoin('drive_members', (join) =>
      join
        .onRef('drive_members.driveId', '=', 'pages.driveId')
        .on('drive_members.userId', '=', userId),
    )
    .leftJoin('drive_roles', 'drive_roles.id', 'drive_members.customRoleId')
    .leftJoin('page_permissions', (join) =>
      join
        .onRef('page_permissions.pageId', '=', 'pages.id')
        .on('page_permissions.userId', '=', userId)
        .on(
          kyselySql<boolean>`(page_permissions."expiresAt" is null or page_permissions."expiresAt" > now())`,
        ),
    )
    .select([
      'pages.id',
      'page_permissions.canView',
      'page_permissions.canEdit',
      'page_permissions.canShare',
      'page_permissions.canDelete',
      'page_permissions.expiresAt',
      'drive_roles.canView as roleView',
      'drive_roles.canEdit as roleEdit',
      'drive_roles.canShare as roleShare',
      'drive_roles.canDelete as roleDelete',
      kyselySql<boolean>`(drives."ownerId" = ${userId} or coalesce(drive_members.role = 'ADMIN', false))`.as(
        'manages',
      ),
      kyselySql<boolean>`(not pages."isTrashed" and not drives."isTrashed")`.as('isLive'),
    ])
    .where('pages.id', '=', pageId);
