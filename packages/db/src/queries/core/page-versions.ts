import {
  DbError,
  hashToken,
  type KeysetPage,
  keyset,
  listPage,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, asc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { pages, pageVersions, textPatchSchema, users } from '../../schema/index.ts';
import { hasPageRight } from '../permissions/access.ts';
import { mostPatches } from './keep-version.ts';
import { type PageDetail, updatePage } from './pages.ts';
import { changesOf, type LineChange, linesOf } from './text-diff.ts';
import { applyPatch } from './text-patch.ts';

// An old version may hold text that was removed before the page was shared, so history needs edit rights.

const latestFirst = keyset([{ column: pageVersions.revision, direction: 'desc' }]);

/** A version as the history lists it. */
export interface PageVersionSummary {
  readonly revision: number;
  readonly title: string;
  /** When the next version replaced it. */
  readonly replacedAt: Date;
  /** The author of the next version; null for an import, or once the person is gone. */
  readonly replacedBy: string | null;
  readonly replacedByName: string | null;
}

/**
 * Lists a page's former versions, latest first; the current one is not among them.
 *
 * @param params.userId the caller; gets an empty list without edit rights on the page
 */
export async function listPageVersions(
  db: Db,
  params: PageRequest & { userId: string; pageId: string },
): Promise<KeysetPage<PageVersionSummary>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({
        revision: pageVersions.revision,
        title: pageVersions.title,
        replacedAt: pageVersions.createdAt,
        replacedBy: pageVersions.replacedBy,
        replacedByName: users.displayName,
        ...seek.select,
      })
      .from(pageVersions)
      .leftJoin(users, eq(users.id, pageVersions.replacedBy))
      .where(
        and(
          eq(pageVersions.pageId, params.pageId),
          sql`exists (select 1 from ${pages} where ${pages.id} = ${params.pageId} and ${hasPageRight(params.userId, 'canEdit')})`,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** A page at one revision, former or current. */
export interface PageVersionText {
  readonly revision: number;
  readonly title: string;
  readonly content: string;
}

const storedSchema = z.array(
  z.object({
    revision: z.number(),
    title: z.string(),
    patch: textPatchSchema.nullable(),
    content: z.string().nullable(),
    contentHash: z.string(),
  }),
);

/**
 * Gives a page at a former revision, rebuilt from at most 20 patches, or at the current one.
 *
 * @returns undefined for a revision that was not kept, and for a page that the user may not edit
 * @throws DbError when the stored version is damaged, because its hash does not match
 */
export async function getPageVersion(
  db: Db,
  params: { userId: string; pageId: string; revision: number },
): Promise<PageVersionText | undefined> {
  const { userId, pageId } = params;
  const { revision } = parseInput(z.object({ revision: z.int().min(0) }), params);
  const later = db
    .select({
      revision: pageVersions.revision,
      title: pageVersions.title,
      patch: pageVersions.patch,
      content: pageVersions.content,
      contentHash: pageVersions.contentHash,
    })
    .from(pageVersions)
    .where(and(eq(pageVersions.pageId, pages.id), gte(pageVersions.revision, revision)))
    .orderBy(asc(pageVersions.revision))
    .limit(mostPatches)
    .as('later');
  // One statement, so that the page and its versions are from one snapshot.
  const [found] = await db
    .select({
      revision: pages.revision,
      title: pages.title,
      content: pages.content,
      later: sql<unknown>`(select json_agg(${sql.raw('later')}) from ${later})`,
    })
    .from(pages)
    .where(and(eq(pages.id, pageId), hasPageRight(userId, 'canEdit')));
  if (!found) return undefined;
  const { later: stored, ...current } = found;
  if (revision === current.revision) return current;
  const versions = storedSchema.parse(stored ?? []);
  const [wanted] = versions;
  if (wanted?.revision !== revision) return undefined;
  return { revision, title: wanted.title, content: contentOf(versions, current.content) };
}

/** The content of the first version, rebuilt from the nearest whole one, or from the page's. */
function contentOf(versions: z.output<typeof storedSchema>, current: string): string {
  const whole = versions.findIndex(({ content }) => content !== null);
  const patched = whole === -1 ? versions : versions.slice(0, whole);
  let content = versions[whole]?.content ?? current;
  try {
    for (const { patch } of patched.toReversed()) content = applyPatch(content, patch ?? []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    content = '';
  }
  if (hashToken(content) !== versions[0]?.contentHash) {
    throw new DbError(
      `Version ${versions[0]?.revision} of this page is damaged. Restore page_versions from a backup.`,
    );
  }
  return content;
}

/** @throws NotFoundError for a revision that was not kept, and for a page that the user may not edit */
export async function requirePageVersion(
  db: Db,
  params: { userId: string; pageId: string; revision: number },
): Promise<PageVersionText> {
  const version = await getPageVersion(db, params);
  if (!version) {
    throw new NotFoundError('There is no such version, or you may not see it.');
  }
  return version;
}

/** The differences between two versions of a page. */
export interface PageDiff {
  readonly from: PageVersionText;
  readonly to: PageVersionText;
  /** The ranges of lines that differ, in order. */
  readonly changes: readonly LineChange[];
}

/**
 * Compares two revisions of a page by lines.
 *
 * @param params.to the page's present revision, or a stored one
 * @throws NotFoundError as `requirePageVersion`
 */
export async function diffPageVersions(
  db: Db,
  params: { userId: string; pageId: string; from: number; to: number },
): Promise<PageDiff> {
  const { userId, pageId } = params;
  const from = await requirePageVersion(db, { userId, pageId, revision: params.from });
  const to = await requirePageVersion(db, { userId, pageId, revision: params.to });
  return { from, to, changes: changesOf(linesOf(from.content), linesOf(to.content)) };
}

/**
 * Gives a page the title and content of an earlier version. Like any other change, it stores the
 * present ones as a version.
 *
 * @param params.version the revision to go back to
 * @param params.revision the page's revision as the caller read it
 * @throws NotFoundError as `requirePageVersion`
 * @throws ConflictError, ForbiddenError as `updatePage`
 */
export async function restorePageVersion(
  db: Db,
  params: { userId: string; pageId: string; version: number; revision: number },
): Promise<PageDetail> {
  const { userId, pageId, revision } = params;
  const { title, content } = await requirePageVersion(db, {
    userId,
    pageId,
    revision: params.version,
  });
  return updatePage(db, { userId, pageId, revision, changes: { title, content } });
}

const purgeSchema = z.object({
  before: z.date(),
  keep: z.int().min(0).max(10_000).default(50),
  limit: z.int().min(1).max(50_000).default(1000),
});

/**
 * Deletes old versions, the oldest first, because the remaining ones need none of them.
 *
 * @param params.before only versions that were replaced before
 * @param params.keep how many of each page stay at any age; default 50
 * @param params.limit how many at most; default 1,000. Call again while as many were deleted
 * @returns how many were deleted
 */
export async function purgePageVersions(
  db: Db,
  params: z.input<typeof purgeSchema>,
): Promise<{ deleted: number }> {
  const { before, keep, limit } = parseInput(purgeSchema, params);
  // The latest version to delete, for the few pages that have that many.
  const newestToGo = sql`(select newer.revision from ${pageVersions} newer where newer."pageId" = ${pageVersions.pageId} order by newer.revision desc offset ${keep} limit 1)`;
  const old = db
    .select({ pageId: pageVersions.pageId, revision: pageVersions.revision })
    .from(pageVersions)
    .where(and(lt(pageVersions.createdAt, before), lte(pageVersions.revision, newestToGo)))
    .orderBy(pageVersions.createdAt, pageVersions.pageId, pageVersions.revision)
    .limit(limit)
    .as('old');
  const deleted = await db
    .delete(pageVersions)
    .where(
      inArray(
        sql`(${pageVersions.pageId}, ${pageVersions.revision})`,
        db.select({ pageId: old.pageId, revision: old.revision }).from(old),
      ),
    )
    .returning({ revision: pageVersions.revision });
  return { deleted: deleted.length };
}
