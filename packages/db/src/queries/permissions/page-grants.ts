import { type KeysetPage, keyset, listPage, type PageRequest } from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { type PagePermission, pagePermissions, pages, users } from '../../schema/index.ts';
import { hasPageRight } from './access.ts';

const summary = {
  userId: pagePermissions.userId,
  canView: pagePermissions.canView,
  canEdit: pagePermissions.canEdit,
  canShare: pagePermissions.canShare,
  canDelete: pagePermissions.canDelete,
  grantedBy: pagePermissions.grantedBy,
  grantedAt: pagePermissions.grantedAt,
  expiresAt: pagePermissions.expiresAt,
  note: pagePermissions.note,
};
/** A grant as lists return it to people who may share the page. */
export type GrantSummary = Pick<PagePermission, keyof typeof summary> & {
  email: string;
  displayName: string | null;
};

const latestFirst = keyset([
  { column: pagePermissions.grantedAt, direction: 'desc' },
  { column: pagePermissions.id, direction: 'desc' },
]);

/**
 * Lists a page's grants, latest first, expired ones too.
 *
 * @param params.userId the caller; gets an empty list without the right to share the page
 */
export async function listPageGrants(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<GrantSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({
        ...summary,
        email: users.email,
        displayName: users.displayName,
        ...seek.select,
      })
      .from(pagePermissions)
      .innerJoin(users, eq(users.id, pagePermissions.userId))
      .where(
        and(
          eq(pagePermissions.pageId, params.pageId),
          sql`exists (select 1 from ${pages} where ${pages.id} = ${params.pageId} and ${hasPageRight(params.userId, 'canShare')})`,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
