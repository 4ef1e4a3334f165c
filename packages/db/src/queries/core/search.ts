import {
  InvalidInputError,
  type KeysetPage,
  keyset,
  type PageRequest,
  type Placeholders,
  type PreparedSeek,
  parseInput,
  parseLimit,
  preparedPages,
} from '@reference/kit';
import { and, eq, not, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { type PageType, pages } from '../../schema/index.ts';
import { pagesAnywhere, pagesInDrive } from '../permissions/access.ts';

/** A piece of a snippet; `match` is true for the searched words. */
export interface SnippetPart {
  readonly text: string;
  readonly match: boolean;
}

export interface SearchHit {
  readonly id: string;
  readonly driveId: string;
  readonly title: string;
  readonly type: PageType;
  readonly updatedAt: Date;
  /** ts_rank_cd: higher is closer; comparable within one search only. */
  readonly rank: number;
  readonly snippet: SnippetPart[];
}

const searchSchema = z.object({
  words: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine((words) => !words.includes('\0'), 'must not contain NUL characters; remove them'),
});

const question = sql`websearch_to_tsquery('english', ${sql.placeholder('words')})`;
const rank = sql`ts_rank_cd(${pages.searchVector}, ${question})`;
const bestFirst = keyset([
  { expression: rank, type: 'real', direction: 'desc', nullable: false },
  { column: pages.id, direction: 'desc' },
]);

/** PostgreSQL then looks up a rare word first, but not a frequent one. */
const forTheseWords = { replan: true };
const hitsEverywhere = preparedPages(
  bestFirst,
  (db: Db, p: Placeholders<{ userId: string; words: string }>, seek) =>
    rankedHits(db, pagesAnywhere(p.userId, 'canView'), seek),
  forTheseWords,
);
const hitsInDrive = preparedPages(
  bestFirst,
  (db: Db, p: Placeholders<{ userId: string; words: string; driveId: string }>, seek) =>
    rankedHits(db, pagesInDrive(p.userId, p.driveId, 'canView'), seek),
  forTheseWords,
);

function rankedHits(db: Db, among: { whole: SQL; granted: SQL }, seek: PreparedSeek) {
  const branch = (condition: SQL) =>
    db
      .select({
        hitId: sql<string>`${pages.id}`.as('hitId'),
        rank: sql<number>`${rank}`.as('rank'),
        ...bestFirst.select,
      })
      .from(pages)
      .where(
        and(sql`${pages.searchVector} @@ ${question}`, not(pages.isTrashed), condition, seek.where),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit);
  const hits = db.$with('hits').as(unionAll(branch(among.whole), branch(among.granted)));
  return db
    .with(hits)
    .select({
      id: pages.id,
      driveId: pages.driveId,
      title: pages.title,
      type: pages.type,
      updatedAt: pages.updatedAt,
      rank: hits.rank,
      headline: headline(question),
      cursorKey: hits.cursorKey,
    })
    .from(hits)
    .innerJoin(pages, eq(pages.id, hits.hitId))
    .orderBy(sql`${hits.rank} desc`, sql`${pages.id} desc`)
    .limit(seek.limit);
}

/**
 * Full-text search over titles (weighted higher) and contents of the pages that a user may see,
 * outside the trash, best match first.
 *
 * @param params.words as typed: `"exact phrase"`, `or` and `-without` work
 * @param params.driveId only in this drive
 * @returns a page of hits, each with a snippet; none when every word is a stop word
 * @throws InvalidInputError for an empty search, one longer than 500 characters, or a wrong cursor
 */
export async function searchPages(
  db: Db,
  params: PageRequest & { userId: string; words: string; driveId?: string },
): Promise<KeysetPage<SearchHit>> {
  const { words } = parseInput(searchSchema, params);
  if (params.before) throw new InvalidInputError('A search goes forward only: use `after`.');
  const page = { after: params.after, limit: parseLimit(params.limit) };
  const { userId, driveId } = params;
  const found = await (driveId === undefined
    ? hitsEverywhere(db, { userId, words }, page)
    : hitsInDrive(db, { userId, words, driveId }, page));
  return {
    ...found,
    items: found.items.map(({ headline: marked, ...hit }) => ({
      ...hit,
      snippet: splitSnippet(marked),
    })),
  };
}

// Control characters mark the hits, and are removed from the page's text, so that it can't forge a
// mark. ts_headline leaves out HTML tags by itself.
const [open, close] = ['\u0002', '\u0003'];
const headlineOptions = `StartSel=${open}, StopSel=${close}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "`;

/** Reads as much text as the search vector does. */
const headline = (query: SQL) =>
  sql<string>`ts_headline('english', translate(left(${pages.content}, 200000), ${open + close}, ''), ${query}, ${headlineOptions})`;

function splitSnippet(marked: string): SnippetPart[] {
  return marked
    .split(open)
    .flatMap((piece, index) => {
      if (index === 0) return [{ text: piece, match: false }];
      const [hit = '', ...rest] = piece.split(close);
      return [
        { text: hit, match: true },
        { text: rest.join(''), match: false },
      ];
    })
    .filter(({ text }) => text !== '');
}
