import { sql } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { pages } from '../../schema/index.ts';

// A trash act takes a page out of the tree (its parentId moves to originalParentId) together with
// every live page under it. So a page in the trash without a parent began an act, and the tree
// under it is exactly what that act trashed, because pages trashed before have left that tree
// already.

/**
 * Trashes live pages with every live page under them, one act each, in one statement. The pages must
 * not lie under one another, and the transaction must hold the drive's lock.
 * @returns how many pages were trashed
 */
export async function trashActs(
  tx: Tx,
  driveId: string,
  pageIds: readonly string[],
): Promise<number> {
  const began = beganAct(pageIds);
  const [gone]: { count: number }[] = await tx.execute(sql`
    with recursive act as (
      select ${pages.id} from ${pages} where ${began} and not ${pages.isTrashed}
      union
      select ${pages.id} from act join ${pages}
        on ${pages.driveId} = ${driveId} and ${pages.parentId} = act.id
      where not ${pages.isTrashed}
    ), changed as (
      update ${pages} set
        "isTrashed" = true, "trashedAt" = now(), "updatedAt" = now(),
        "parentId" = case when ${began} then null else ${pages.parentId} end,
        "originalParentId" = case when ${began} then ${pages.parentId} end
      from act where ${pages.id} = act.id
      returning 1
    )
    select count(*)::int as count from changed`);
  return gone?.count ?? 0;
}

/**
 * Undoes trash acts in one statement: the pages that began them, and all pages trashed with those,
 * are live again. The first ones stay without a parent; the caller gives each its place.
 * @returns how many pages came back
 */
export async function reviveActs(
  tx: Tx,
  driveId: string,
  pageIds: readonly string[],
): Promise<number> {
  const [back]: { count: number }[] = await tx.execute(sql`
    with recursive act as (
      select ${pages.id}, ${pages.trashedAt} from ${pages} where ${beganAct(pageIds)} and ${pages.isTrashed}
      union
      select ${pages.id}, ${pages.trashedAt} from act join ${pages}
        on ${pages.driveId} = ${driveId} and ${pages.parentId} = act.id
      where ${pages.isTrashed} and ${pages.trashedAt} = act."trashedAt"
    ), changed as (
      update ${pages} set
        "isTrashed" = false, "trashedAt" = null, "updatedAt" = now(), "originalParentId" = null
      from act where ${pages.id} = act.id
      returning 1
    )
    select count(*)::int as count from changed`);
  return back?.count ?? 0;
}

const beganAct = (pageIds: readonly string[]) =>
  sql`${pages.id} = any (${sql.param(pageIds)}::text[])`;
