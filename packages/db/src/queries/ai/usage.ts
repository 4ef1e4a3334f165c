import {
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type AiProvider,
  type AiUsageLog,
  aiUsageLogs,
  conversations,
  insertAiUsageLogSchema,
  pages,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { hasPageRight } from '../permissions/access.ts';
import { onlyRow } from '../rows.ts';

const shown = {
  id: aiUsageLogs.id,
  conversationId: aiUsageLogs.conversationId,
  pageId: aiUsageLogs.pageId,
  provider: aiUsageLogs.provider,
  model: aiUsageLogs.model,
  inputTokens: aiUsageLogs.inputTokens,
  outputTokens: aiUsageLogs.outputTokens,
  totalTokens: aiUsageLogs.totalTokens,
  costMicros: aiUsageLogs.costMicros,
  durationMs: aiUsageLogs.durationMs,
  success: aiUsageLogs.success,
  error: aiUsageLogs.error,
  metadata: aiUsageLogs.metadata,
  createdAt: aiUsageLogs.createdAt,
};
/** One request to a model. */
export type AiUsage = Pick<AiUsageLog, keyof typeof shown>;

const usageSchema = insertAiUsageLogSchema
  .omit({ id: true, userId: true, createdAt: true, updatedAt: true })
  .strict();

/**
 * Records a request to a model. The record leaves out a conversation that is not the user's, a page
 * that they may not see, and either one if it is deleted; the usage counts all the same.
 *
 * @throws InvalidInputError for negative amounts, or oversized metadata
 * @throws NotFoundError when there is no such user
 */
export async function recordAiUsage(
  db: Db,
  { userId, usage }: { userId: string; usage: z.input<typeof usageSchema> },
): Promise<AiUsage> {
  const { conversationId, pageId, ...values } = parseInput(usageSchema, usage);
  const rows = await mapConstraints(
    db
      .insert(aiUsageLogs)
      .values({
        ...values,
        userId,
        conversationId: sql`(select ${conversations.id} from ${conversations}
          where ${conversations.id} = ${conversationId ?? null} and ${conversations.userId} = ${userId} for key share)`,
        pageId: sql`(select ${pages.id} from ${pages} where ${pages.id} = ${pageId ?? null} and ${hasPageRight(userId, 'canView')} for key share)`,
      })
      .returning(shown),
    { ai_usage_logs_userId_fkey: noSuchUser },
  );
  return onlyRow(rows);
}

const latestFirst = keyset([
  { column: aiUsageLogs.createdAt, direction: 'desc' },
  { column: aiUsageLogs.id, direction: 'desc' },
]);

/** A user's requests to models, latest first. */
export async function listAiUsage(
  db: Db,
  params: PageRequest & { userId: string },
): Promise<KeysetPage<AiUsage>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...shown, ...seek.select })
      .from(aiUsageLogs)
      .where(and(eq(aiUsageLogs.userId, params.userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** A user's usage of one model on one day. */
export interface DailyAiUsage {
  /** In UTC, as `2026-01-31`. */
  readonly day: string;
  readonly provider: AiProvider;
  readonly model: string;
  readonly requests: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** The sum over the requests whose price is known. */
  readonly costMicros: number;
}

const stretchSchema = z.object({ from: z.date(), to: z.date() });
const longestMs = 92 * 86_400_000;
const maxRows = 5000;
const sum = (column: AnyPgColumn) => sql<number>`coalesce(sum(${column}), 0)`.mapWith(Number);

/**
 * Sums a user's usage by model and day of a period, the latest day first, in one statement.
 *
 * @param params.from included
 * @param params.to not included; at most 92 days later
 * @returns at most 5,000 rows
 * @throws InvalidInputError for a period that is empty or longer
 */
export async function summarizeAiUsage(
  db: Db,
  params: { userId: string; from: Date; to: Date },
): Promise<DailyAiUsage[]> {
  const { from, to } = parseInput(stretchSchema, params);
  const length = to.getTime() - from.getTime();
  if (length <= 0 || length > longestMs) {
    throw new InvalidInputError('Give a `from` before `to`, at most 92 days apart.');
  }
  const day = sql<string>`to_char(${aiUsageLogs.createdAt} at time zone 'UTC', 'YYYY-MM-DD')`;
  return db
    .select({
      day,
      provider: aiUsageLogs.provider,
      model: aiUsageLogs.model,
      requests: sql<number>`count(*)::int`,
      failures: sql<number>`(count(*) filter (where not ${aiUsageLogs.success}))::int`,
      inputTokens: sum(aiUsageLogs.inputTokens),
      outputTokens: sum(aiUsageLogs.outputTokens),
      totalTokens: sum(aiUsageLogs.totalTokens),
      costMicros: sum(aiUsageLogs.costMicros),
    })
    .from(aiUsageLogs)
    .where(
      and(
        eq(aiUsageLogs.userId, params.userId),
        gte(aiUsageLogs.createdAt, from),
        lt(aiUsageLogs.createdAt, to),
      ),
    )
    .groupBy(sql`1`, aiUsageLogs.provider, aiUsageLogs.model)
    .orderBy(sql`1 desc`, aiUsageLogs.provider, aiUsageLogs.model)
    .limit(maxRows);
}
