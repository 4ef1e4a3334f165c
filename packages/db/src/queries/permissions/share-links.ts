import {
  ConflictError,
  hashToken,
  issueToken,
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, count, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  insertShareLinkSchema,
  type Page,
  pages,
  type ShareLink,
  shareLinks,
} from '../../schema/index.ts';
import { appendActivityLogs } from '../audit/append.ts';
import { endOfLife, type Issued } from '../auth/issued.ts';
import { requireLivePage, requirePageRight } from '../core/page-rights.ts';
import { onlyRow } from '../rows.ts';
import { hasPageRight, inLiveDrive } from './access.ts';

const newLinkSchema = insertShareLinkSchema.pick({ pageId: true, name: true, maxUses: true });
const sevenDays = 7 * 86_400;
const mostLinks = 100;

const isOpen = and(
  isNull(shareLinks.revokedAt),
  gt(shareLinks.expiresAt, sql`now()`),
  or(isNull(shareLinks.maxUses), lt(shareLinks.uses, shareLinks.maxUses)),
);

/**
 * Creates a link with which anyone reads the page, without an account. It is valid only while its
 * maker may share the page, because unlike a grant it names nobody, and no one else would know
 * whose it was.
 *
 * @param params.lifetimeSeconds default 7 days, at most 400
 * @param params.maxUses how often it may be opened; default any number
 * @returns the token for the link, once
 * @throws NotFoundError, ForbiddenError when the user does not see or may not share the page
 * @throws ConflictError when the page is in the trash, or has 100 open links
 * @throws InvalidInputError for a wrong name, number or lifetime
 */
export async function createShareLink(
  db: Db,
  params: z.input<typeof newLinkSchema> & { userId: string; lifetimeSeconds?: number },
): Promise<Issued> {
  const { userId, lifetimeSeconds = sevenDays, ...input } = params;
  const link = parseInput(newLinkSchema, input);
  const { pageId } = link;
  const expiresAt = endOfLife(lifetimeSeconds);
  const { token, tokenHash, tokenPrefix } = issueToken('share');
  return transaction(db, async (tx) => {
    const hold = 'no key update';
    const { driveId } = await requireLivePage(tx, { userId, pageId, right: 'canShare', hold });
    const [open] = await tx
      .select({ links: count() })
      .from(shareLinks)
      .where(and(eq(shareLinks.pageId, pageId), isOpen));
    if ((open?.links ?? 0) >= mostLinks) {
      throw new ConflictError(`This page has ${mostLinks} open links. Revoke one first.`);
    }
    const rows = await tx
      .insert(shareLinks)
      .values({ ...link, createdBy: userId, tokenHash, tokenPrefix, expiresAt })
      .returning({ id: shareLinks.id, expiresAt: shareLinks.expiresAt });
    await appendActivityLogs(tx, {
      lines: [{ actorId: userId, action: 'link.create', driveId, pageId }],
    });
    return { ...onlyRow(rows), token };
  });
}

/** The part of a page that a link shows, without anything that leads to other pages. */
export type SharedPage = Pick<Page, 'title' | 'type' | 'content' | 'updatedAt'>;

/**
 * Opens a link, which counts as one use. Concurrent uses cannot exceed the ones left.
 *
 * @throws NotFoundError for a link that is unknown, has expired, was revoked or used up, whose page is
 *   in the trash, or whose maker may no longer share it: the answer does not tell which
 */
export async function openShareLink(db: Db, params: { token: string }): Promise<SharedPage> {
  const [page] = await db
    .update(shareLinks)
    .set({ uses: sql`${shareLinks.uses} + 1`, lastUsedAt: sql`now()` })
    .from(pages)
    .where(
      and(
        eq(shareLinks.tokenHash, hashToken(params.token)),
        isOpen,
        eq(pages.id, shareLinks.pageId),
        eq(pages.isTrashed, false),
        inLiveDrive,
        hasPageRight(shareLinks.createdBy, 'canShare'),
      ),
    )
    .returning({
      title: pages.title,
      type: pages.type,
      content: pages.content,
      updatedAt: pages.updatedAt,
    });
  if (!page) throw new NotFoundError('This link does not work any more. Ask for a new one.');
  return page;
}

const summary = {
  id: shareLinks.id,
  pageId: shareLinks.pageId,
  createdBy: shareLinks.createdBy,
  tokenPrefix: shareLinks.tokenPrefix,
  name: shareLinks.name,
  expiresAt: shareLinks.expiresAt,
  maxUses: shareLinks.maxUses,
  uses: shareLinks.uses,
  lastUsedAt: shareLinks.lastUsedAt,
  revokedAt: shareLinks.revokedAt,
  createdAt: shareLinks.createdAt,
};
/** A link as lists return it, without its token's hash. */
export type ShareLinkSummary = Pick<ShareLink, keyof typeof summary>;

const latestFirst = keyset([
  { column: shareLinks.createdAt, direction: 'desc' },
  { column: shareLinks.id, direction: 'desc' },
]);

/**
 * Lists a page's links in every state, latest first.
 *
 * @param params.userId the caller; gets an empty list without the right to share the page
 */
export async function listShareLinks(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<ShareLinkSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(shareLinks)
      .where(
        and(
          eq(shareLinks.pageId, params.pageId),
          sql`exists (select 1 from ${pages} where ${pages.id} = ${params.pageId} and ${hasPageRight(params.userId, 'canShare')})`,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Revokes a link; anyone who may share the page may.
 *
 * @returns false if it had expired, was used up or was revoked before
 * @throws NotFoundError, ForbiddenError when the user does not see or may not share its page
 */
export async function revokeShareLink(
  db: Db,
  params: { userId: string; linkId: string },
): Promise<{ revoked: boolean }> {
  const { userId, linkId } = parseInput(
    z.object({ userId: z.string(), linkId: z.string() }),
    params,
  );
  return transaction(db, async (tx) => {
    const [link] = await tx
      .select({ pageId: shareLinks.pageId })
      .from(shareLinks)
      .where(eq(shareLinks.id, linkId))
      .limit(1);
    // An unknown link gets the answer of an unknown page.
    const pageId = link?.pageId ?? '';
    const { driveId } = await requirePageRight(tx, { userId, pageId, right: 'canShare' });
    const revoked = await tx
      .update(shareLinks)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(shareLinks.id, linkId), isOpen))
      .returning({ id: shareLinks.id });
    if (revoked.length === 0) return { revoked: false };
    await appendActivityLogs(tx, {
      lines: [{ actorId: userId, action: 'link.revoke', driveId, pageId }],
    });
    return { revoked: true };
  });
}
