import { DbError, hashToken, NotFoundError, parseInput } from '@reference/kit';
import { and, asc, desc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import { changesOf, type LineChange, linesOf } from '../../../db/src/queries/core/text-diff.ts';
import { applyPatch, makePatch } from '../../../db/src/queries/core/text-patch.ts';
import { type Database, type Transaction, transaction } from '../database.ts';
import { type TextPatch, textPatchSchema, textVersions } from '../schema/text-versions.ts';

// History may hold what was taken out before a text was shared: show it to those alone who may edit.

/** One of so many versions in a row holds its content whole, so that reading one applies no more patches. */
const mostPatches = 20;
const id = z.string().min(1).max(200);
const kept = z.object({
  textId: id,
  revision: z.int().min(0),
  content: z.string(),
  newContent: z.string(),
  replacedBy: id.nullish(),
});

/**
 * Keeps what a text is before it changes: as a patch of the new content, or whole if the last versions
 * are all patches, or a patch saves nothing. Call it in the transaction of the change, while that holds
 * the text's row (`select … for update`), and raise the row's revision there.
 *
 * @param params.revision of the content that is replaced
 * @returns false when the content does not change: nothing was kept
 * @throws InvalidInputError for a wrong id or number
 */
export async function keepVersion(
  tx: Transaction,
  params: z.input<typeof kept>,
): Promise<{ isKept: boolean }> {
  const { newContent, content, ...version } = parseInput(kept, params);
  if (newContent === content) return { isKept: false };
  const latest = await tx
    .select({ isWhole: sql<boolean>`${textVersions.content} is not null` })
    .from(textVersions)
    .where(eq(textVersions.textId, version.textId))
    .orderBy(desc(textVersions.revision))
    .limit(mostPatches - 1);
  const mustBeWhole = latest.length === mostPatches - 1 && !latest.some(({ isWhole }) => isWhole);
  const patch = mustBeWhole ? undefined : makePatch(newContent, content);
  const isWorthIt = patch && JSON.stringify(patch).length < content.length + 100;
  await tx.insert(textVersions).values({
    ...version,
    contentHash: hashToken(content),
    // Not the transaction's start: the order of versions is that of their revisions.
    createdAt: sql`clock_timestamp()`,
    ...(isWorthIt ? { patch } : { content }),
  });
  return { isKept: true };
}

/** A version as the history lists it. */
export interface VersionSummary {
  readonly revision: number;
  /** When it was changed to the next version. */
  readonly replacedAt: Date;
  readonly replacedBy: string | null;
}

const listing = z.object({
  textId: id,
  before: z.int().min(0).optional(),
  limit: z.int().min(1).max(200).default(50),
});

/**
 * A text's former versions, latest first; the current one is not among them.
 *
 * @param params.before continue below this revision, the last one of an earlier page
 * @param params.limit 1 to 200; default 50
 */
export async function listVersions(
  db: Database,
  params: z.input<typeof listing>,
): Promise<VersionSummary[]> {
  const { textId, before, limit } = parseInput(listing, params);
  return db
    .select({
      revision: textVersions.revision,
      replacedAt: textVersions.createdAt,
      replacedBy: textVersions.replacedBy,
    })
    .from(textVersions)
    .where(
      and(
        eq(textVersions.textId, textId),
        before === undefined ? undefined : lt(textVersions.revision, before),
      ),
    )
    .orderBy(desc(textVersions.revision))
    .limit(limit);
}

/** A text as it is now, read in the same transaction. */
export interface CurrentText {
  readonly revision: number;
  readonly content: string;
}
/** Reads the text's row; gives undefined when there is none. */
export type ReadCurrent = (tx: Transaction) => Promise<CurrentText | undefined>;

interface Wanted {
  readonly textId: string;
  readonly readCurrent: ReadCurrent;
}

/**
 * A text's content at a revision, put together from at most 20 patches, or as it is.
 *
 * @param params.readCurrent reads your row of the text
 * @throws NotFoundError for a revision that was not kept, or when there is no such text
 * @throws DbError when what is stored is damaged: its hash does not fit
 */
export async function requireVersion(
  db: Database,
  params: Wanted & { revision: number },
): Promise<string> {
  const [content = ''] = await readVersions(db, params, [params.revision]);
  return content;
}

/**
 * The lines that differ between two revisions of a text. To restore one, change the text to what
 * `requireVersion` gives, like any other change.
 *
 * @throws NotFoundError, DbError as `requireVersion`
 */
export async function diffVersions(
  db: Database,
  params: Wanted & { from: number; to: number },
): Promise<{ from: string; to: string; changes: LineChange[] }> {
  const [from = '', to = ''] = await readVersions(db, params, [params.from, params.to]);
  return { from, to, changes: changesOf(linesOf(from), linesOf(to)) };
}

/** The contents of some revisions, all of one moment. */
async function readVersions(
  db: Database,
  { textId, readCurrent }: Wanted,
  revisions: readonly number[],
): Promise<string[]> {
  const wanted = parseInput(z.array(z.int().min(0)), revisions);
  return transaction(
    db,
    async (tx) => {
      const current = await readCurrent(tx);
      if (!current) throw noSuchVersion();
      const contents: string[] = [];
      for (const revision of wanted)
        contents.push(await readVersion(tx, textId, revision, current));
      return contents;
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function readVersion(
  tx: Transaction,
  textId: string,
  revision: number,
  current: CurrentText,
): Promise<string> {
  if (revision === current.revision) return current.content;
  const versions = await tx
    .select({
      revision: textVersions.revision,
      patch: textVersions.patch,
      content: textVersions.content,
      contentHash: textVersions.contentHash,
    })
    .from(textVersions)
    .where(and(eq(textVersions.textId, textId), gte(textVersions.revision, revision)))
    .orderBy(asc(textVersions.revision))
    .limit(mostPatches);
  const [first] = versions;
  if (first?.revision !== revision) throw noSuchVersion();
  const whole = versions.findIndex(({ content }) => content !== null);
  const patched = whole === -1 ? versions : versions.slice(0, whole);
  const start = versions[whole]?.content ?? current.content;
  const content = patched
    .toReversed()
    .reduce<string | undefined>((text, { patch }) => patchedBy(text, patch), start);
  if (content === undefined || hashToken(content) !== first.contentHash) {
    throw new DbError(
      `Version ${revision} of this text is damaged. Restore text_versions from a backup.`,
    );
  }
  return content;
}

/** Undefined when the patch is of another text. */
function patchedBy(text: string | undefined, patch: TextPatch | null): string | undefined {
  if (text === undefined) return undefined;
  try {
    return applyPatch(text, textPatchSchema.parse(patch ?? []));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const noSuchVersion = () => new NotFoundError('There is no such version.');

const purge = z.object({
  before: z.date(),
  keep: z.int().min(0).max(10_000).default(50),
  limit: z.int().min(1).max(50_000).default(1000),
});

/**
 * Deletes old versions, the oldest first: the ones that remain need none of them.
 *
 * @param params.before only versions that were replaced before
 * @param params.keep how many of each text stay however old they are; default 50
 * @param params.limit how many at most; default 1,000. Call again while as many were deleted
 * @returns how many were deleted
 */
export async function purgeVersions(
  db: Database,
  params: z.input<typeof purge>,
): Promise<{ deleted: number }> {
  const { before, keep, limit } = parseInput(purge, params);
  const newestToGo = sql`(select newer.revision from ${textVersions} newer where newer."textId" = ${textVersions.textId} order by newer.revision desc offset ${keep} limit 1)`;
  const old = db
    .select({ textId: textVersions.textId, revision: textVersions.revision })
    .from(textVersions)
    .where(and(lt(textVersions.createdAt, before), lte(textVersions.revision, newestToGo)))
    .orderBy(textVersions.createdAt, textVersions.textId, textVersions.revision)
    .limit(limit)
    .as('old');
  const deleted = await db
    .delete(textVersions)
    .where(
      inArray(
        sql`(${textVersions.textId}, ${textVersions.revision})`,
        db.select({ textId: old.textId, revision: old.revision }).from(old),
      ),
    )
    .returning({ revision: textVersions.revision });
  return { deleted: deleted.length };
}
