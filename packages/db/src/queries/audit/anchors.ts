import { type KeysetPage, keyset, listPage, type PageRequest } from '@reference/kit';
import { and, gte } from 'drizzle-orm';
import type { Db } from '../../database.ts';
import { auditHeads } from '../../schema/index.ts';
import type { AuditAnchor } from './chain.ts';

const order = keyset([{ column: auditHeads.updatedAt }, { column: auditHeads.scope }]);

/**
 * The present end of every chain, the one that moved longest ago first. Store them where whoever can
 * write this database cannot: an entry that is in an anchor can no longer change unseen.
 *
 * @param params.movedSince only chains that were appended to at that moment or later
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
