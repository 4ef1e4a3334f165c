import { ConflictError, hashToken, issueToken, NotFoundError, parseInput } from '@reference/kit';
import { and, count, desc, eq, gt, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Database, executeRows, onlyRow, transaction } from '../database.ts';
import { type ShareLink, shareLinks } from '../schema/share-links.ts';

// Whether somebody may share a resource is your project's rule: call these after it has said yes.

const mostSeconds = 400 * 86_400;
const mostLinks = 100;
const id = z.string().min(1).max(200);
const newLink = z.object({
  resourceId: id,
  createdBy: id,
  name: z.string().trim().min(1).max(200).nullish(),
  maxUses: z.int().min(1).max(1_000_000_000).nullish(),
  lifetimeSeconds: z
    .int()
    .min(1)
    .max(mostSeconds)
    .default(7 * 86_400),
});

const isOpen = and(
  isNull(shareLinks.revokedAt),
  gt(shareLinks.expiresAt, sql`now()`),
  or(isNull(shareLinks.maxUses), lt(shareLinks.uses, shareLinks.maxUses)),
);

/**
 * Makes a link with which anyone opens the resource, without an account.
 *
 * @param params.lifetimeSeconds default 7 days, at most 400
 * @param params.maxUses how often it may be opened; default any number
 * @returns the token for the link, once
 * @throws ConflictError when the resource has 100 open links
 * @throws InvalidInputError for a wrong name, number or lifetime
 */
export async function createShareLink(
  db: Database,
  params: z.input<typeof newLink>,
): Promise<{ id: string; token: string; expiresAt: Date }> {
  const { lifetimeSeconds, ...link } = parseInput(newLink, params);
  const { token, tokenHash, tokenPrefix } = issueToken('share');
  return transaction(db, async (tx) => {
    // Two who share one resource follow one another, so that both cannot make the last link.
    await executeRows(
      tx,
      sql`select pg_advisory_xact_lock(hashtextextended(${`share links ${link.resourceId}`}, 0))`,
    );
    const [open] = await tx
      .select({ links: count() })
      .from(shareLinks)
      .where(and(eq(shareLinks.resourceId, link.resourceId), isOpen));
    if ((open?.links ?? 0) >= mostLinks) {
      throw new ConflictError(`There are ${mostLinks} open links to this. Revoke one first.`);
    }
    const expiresAt = sql`now() + make_interval(secs => ${lifetimeSeconds})`;
    const rows = await tx
      .insert(shareLinks)
      .values({ ...link, tokenHash, tokenPrefix, expiresAt })
      .returning({ id: shareLinks.id, expiresAt: shareLinks.expiresAt });
    return { ...onlyRow(rows), token };
  });
}

/**
 * Opens a link: one use. If uses come at the same moment, no more succeed than it has left.
 *
 * @param params.holds a condition on the link without which it does not open, so that it ends with the
 *   right of its maker: `exists (select from documents d where d.id = "share_links"."resourceId" and …)`
 * @returns what it opens; read it in the same transaction
 * @throws NotFoundError for a link that is unknown, has expired, was revoked or used up, or does not
 *   hold: the answer does not tell which
 */
export async function openShareLink(
  db: Database,
  params: { token: string; holds?: SQL },
): Promise<{ resourceId: string; createdBy: string }> {
  const [opened] = await db
    .update(shareLinks)
    .set({ uses: sql`${shareLinks.uses} + 1`, lastUsedAt: sql`now()` })
    .where(and(eq(shareLinks.tokenHash, hashToken(params.token)), isOpen, params.holds))
    .returning({ resourceId: shareLinks.resourceId, createdBy: shareLinks.createdBy });
  if (!opened) throw new NotFoundError('This link does not work any more. Ask for a new one.');
  return opened;
}

const summary = {
  id: shareLinks.id,
  resourceId: shareLinks.resourceId,
  createdBy: shareLinks.createdBy,
  tokenPrefix: shareLinks.tokenPrefix,
  name: shareLinks.name,
  expiresAt: shareLinks.expiresAt,
  maxUses: shareLinks.maxUses,
  uses: shareLinks.uses,
  lastUsedAt: shareLinks.lastUsedAt,
  createdAt: shareLinks.createdAt,
};
/** A link as those who may share the resource see it: never its token's hash. */
export type ShareLinkSummary = Pick<ShareLink, keyof typeof summary>;

/** The open links of a resource, latest first; at most 100. */
export async function listShareLinks(
  db: Database,
  params: { resourceId: string },
): Promise<ShareLinkSummary[]> {
  return db
    .select(summary)
    .from(shareLinks)
    .where(and(eq(shareLinks.resourceId, params.resourceId), isOpen))
    .orderBy(desc(shareLinks.createdAt), desc(shareLinks.id))
    .limit(mostLinks);
}

/**
 * Ends a link of a resource, whoever made it.
 *
 * @returns false for one that had ended, or is of another resource
 */
export async function revokeShareLink(
  db: Database,
  params: { resourceId: string; linkId: string },
): Promise<{ revoked: boolean }> {
  const { resourceId, linkId } = parseInput(z.object({ resourceId: id, linkId: id }), params);
  const revoked = await db
    .update(shareLinks)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(shareLinks.id, linkId), eq(shareLinks.resourceId, resourceId), isOpen))
    .returning({ id: shareLinks.id });
  return { revoked: revoked.length > 0 };
}

const purge = z.object({ before: z.date(), limit: z.int().min(1).max(50_000).default(1000) });

/**
 * Deletes links that expired before a moment, the oldest first.
 *
 * @param params.limit how many at most; default 1,000. Call again while as many were deleted
 * @returns how many were deleted
 */
export async function purgeShareLinks(
  db: Database,
  params: z.input<typeof purge>,
): Promise<{ deleted: number }> {
  const { before, limit } = parseInput(purge, params);
  const old = db
    .select({ id: shareLinks.id })
    .from(shareLinks)
    .where(lt(shareLinks.expiresAt, before))
    .orderBy(shareLinks.expiresAt)
    .limit(limit);
  const deleted = await db
    .delete(shareLinks)
    .where(inArray(shareLinks.id, old))
    .returning({ id: shareLinks.id });
  return { deleted: deleted.length };
}
