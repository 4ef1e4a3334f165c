import { messageNames, pageDetailNames, pageSummaryNames } from '../benchmarks/columns.ts';
import type { PrismaClient } from './client.ts';

// The five hot queries as Prisma's documentation writes them: relation filters, nested selects.

const selected = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, true]));

const liveGrant = (userId: string) => ({
  userId,
  OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
});
const admin = (userId: string) => ({ userId, role: 'ADMIN' });
const seer = (userId: string) => ({
  userId,
  OR: [{ role: 'ADMIN' }, { customRole: { canView: true } }],
});

const mayView = (userId: string) => ({
  OR: [
    { drive: { OR: [{ ownerId: userId }, { members: { some: admin(userId) } }] } },
    {
      isTrashed: false,
      drive: { isTrashed: false },
      OR: [
        { permissions: { some: { ...liveGrant(userId), canView: true } } },
        { drive: { members: { some: { userId, customRole: { canView: true } } } } },
      ],
    },
  ],
});

/** The columns, and what tells whether the user may see the parent too. */
const withParent = (names: readonly string[], userId: string) => ({
  ...selected(names),
  parentId: true,
  parent: {
    select: {
      permissions: { where: { ...liveGrant(userId), canView: true }, select: { id: true } },
    },
  },
  drive: {
    select: { ownerId: true, members: { where: seer(userId), select: { id: true } } },
  },
});

interface Related {
  readonly fileSize?: bigint | null;
  readonly parentId: string | null;
  readonly parent: { readonly permissions: readonly object[] } | null;
  readonly drive: { readonly ownerId: string; readonly members: readonly object[] };
}

function shown({ parent, drive, ...page }: Related, userId: string): object {
  const seesParent =
    (parent?.permissions.length ?? 0) > 0 || drive.ownerId === userId || drive.members.length > 0;
  return {
    ...page,
    parentId: seesParent ? page.parentId : null,
    ...(typeof page.fileSize === 'bigint' && { fileSize: Number(page.fileSize) }),
  };
}

export async function pageInPrisma(
  prisma: PrismaClient,
  { userId, pageId }: { userId: string; pageId: string },
): Promise<object | undefined> {
  const row = await prisma.page.findFirst<Related>({
    where: { id: pageId, ...mayView(userId) },
    select: withParent(pageDetailNames, userId),
  });
  return row ? shown(row, userId) : undefined;
}

export async function childrenInPrisma(
  prisma: PrismaClient,
  { userId, driveId, parentId }: { userId: string; driveId: string; parentId: string },
  limit: number,
): Promise<object[]> {
  const rows = await prisma.page.findMany<Related>({
    where: { driveId, parentId, isTrashed: false, ...mayView(userId) },
    select: withParent(pageSummaryNames, userId),
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    take: limit,
  });
  return rows.map((row) => shown(row, userId));
}

export const historyInPrisma = (
  prisma: PrismaClient,
  { userId, pageId }: { userId: string; pageId: string },
  limit: number,
): Promise<object[]> =>
  prisma.chatMessage.findMany({
    where: { pageId, isActive: true, page: mayView(userId) },
    select: selected(messageNames),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });

export const accessiblePagesInPrisma = (
  prisma: PrismaClient,
  { userId, driveId }: { userId: string; driveId: string },
  limit: number,
): Promise<object[]> =>
  prisma.page.findMany({
    where: { driveId, ...mayView(userId) },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: limit,
  });

interface Rights {
  readonly canView: boolean;
  readonly canEdit: boolean;
  readonly canShare: boolean;
  readonly canDelete: boolean;
}

const rights = { canView: true, canEdit: true, canShare: true, canDelete: true };

interface AccessRow {
  readonly isTrashed: boolean;
  readonly drive: {
    readonly ownerId: string;
    readonly isTrashed: boolean;
    readonly members: readonly { readonly role: string; readonly customRole: Rights | null }[];
  };
  readonly permissions: readonly Rights[];
}

export async function accessInPrisma(
  prisma: PrismaClient,
  { userId, pageId }: { userId: string; pageId: string },
) {
  const page = await prisma.page.findUnique<AccessRow>({
    where: { id: pageId },
    select: {
      isTrashed: true,
      drive: {
        select: {
          ownerId: true,
          isTrashed: true,
          members: { where: { userId }, select: { role: true, customRole: { select: rights } } },
        },
      },
      permissions: {
        where: liveGrant(userId),
        select: rights,
      },
    },
  });
  if (!page) return undefined;
  const [grant] = page.permissions;
  const [member] = page.drive.members;
  return {
    manages: page.drive.ownerId === userId || member?.role === 'ADMIN',
    isLive: !page.isTrashed && !page.drive.isTrashed,
    canView: grant?.canView ?? false,
    canEdit: grant?.canEdit ?? false,
    canShare: grant?.canShare ?? false,
    canDelete: grant?.canDelete ?? false,
    roleView: member?.customRole?.canView ?? null,
    roleEdit: member?.customRole?.canEdit ?? null,
    roleShare: member?.customRole?.canShare ?? null,
    roleDelete: member?.customRole?.canDelete ?? null,
  };
}
