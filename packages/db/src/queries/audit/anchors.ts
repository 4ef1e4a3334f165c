import { type KeysetPage, keyset, listPage, type PageRequest } from '@reference/kit';
import { and, gte } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { auditHeads } from '../../schema/index.ts';
import type { AuditAnchor } from './chain.ts';

const order = keyset([{ column: auditHeads.updatedAt }, { column: auditHeads.scope }]);

/**
 * Lists the present end of every chain, the one that moved longest ago first. Store them where
 * nobody who can write this database can write, because an anchor reveals any later change of the
 * entries before it.
 *
 * @param params.movedSince only chains that got an entry at that moment or later
 * @returns up to 1,000 a page; default 500
 */
export async function listAuditAnchors(
  db: Db,
  params: PageRequest & { movedSince?: Date } = {},
): Promise<KeysetPage<AuditAnchor>> {
  return listPage(
    order,
    params,
    (seek) =>
      db
        .select({
          scope: auditHeads.scope,
          position: auditHeads.position,
          hash: auditHeads.hash,
          ...seek.select,
        })
        .from(auditHeads)
        .where(and(params.movedSince && gte(auditHeads.updatedAt, params.movedSince), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
    { most: 1000, usual: 500 },
  );
}
