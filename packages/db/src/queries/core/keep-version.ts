import { hashToken } from '@reference/kit';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Tx } from '../../database.ts';
import { pages, pageVersions } from '../../schema/index.ts';
import { makePatch } from './text-patch.ts';

/**
 * One of this many versions in a row holds its content whole, which bounds the patches that a
 * reading applies.
 */
export const mostPatches = 20;

/**
 * Stores a page's version before its title or content changes: as a patch of the new content, or
 * whole if the last versions are all patches or a patch saves nothing. The page stays locked until
 * the transaction ends.
 *
 * @param which the condition that finds the page if the caller may change it; if it finds none,
 *   nothing is stored
 */
export async function keepVersion(
  tx: Tx,
  {
    which,
    userId,
    changes,
  }: {
    which: SQL | undefined;
    userId: string;
    changes: { title?: string | undefined; content?: string | undefined };
  },
): Promise<void> {
  const latest = tx
    .select({ isWhole: sql<boolean>`${pageVersions.content} is not null`.as('isWhole') })
    .from(pageVersions)
    .where(eq(pageVersions.pageId, pages.id))
    .orderBy(sql`${pageVersions.revision} desc`)
    .limit(mostPatches - 1)
    .as('latest');
  const [page] = await tx
    .select({
      id: pages.id,
      revision: pages.revision,
      title: pages.title,
      content: pages.content,
      patchesInARow: sql<boolean>`(select count(*) = ${mostPatches - 1} and not bool_or("isWhole") from ${latest})`,
    })
    .from(pages)
    .where(and(which))
    .for('no key update', { of: pages });
  if (!page) return;
  const { title = page.title, content = page.content } = changes;
  if (title === page.title && content === page.content) return;
  const patch = page.patchesInARow ? undefined : makePatch(content, page.content);
  const isWorthIt = patch && JSON.stringify(patch).length < page.content.length + 100;
  await tx.insert(pageVersions).values({
    pageId: page.id,
    revision: page.revision,
    title: page.title,
    contentHash: hashToken(page.content),
    replacedBy: userId,
    // Not the transaction's start, so that versions are in the order of their revisions.
    createdAt: sql`clock_timestamp()`,
    ...(isWorthIt ? { patch } : { content: page.content }),
  });
}
