import {
  InvalidInputError,
  type KeysetPage,
  keyset,
  listPage,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  type ActivityLog,
  apiMetrics,
  auditEntries,
  auditPseudonyms,
  type ErrorLog,
  errorLogs,
  logLevel,
  type SystemLog,
  systemLogs,
} from '../../schema/index.ts';

/** A period, its end excluded; at most 31 days, because one answer reads all of it. */
export interface Stretch {
  readonly from: Date;
  readonly to: Date;
}
const maxMs = 31 * 86_400_000;
const stretchSchema = z.object({ from: z.date(), to: z.date() });

function parseStretch(params: Stretch): Stretch {
  const { from, to } = parseInput(stretchSchema, params);
  const length = to.getTime() - from.getTime();
  if (length <= 0 || length > maxMs) {
    throw new InvalidInputError('Give a period of at most 31 days that ends after it begins.');
  }
  return { from, to };
}

const systemLogsOrder = keyset([
  { column: systemLogs.createdAt, direction: 'desc' },
  { column: systemLogs.id, direction: 'desc' },
]);
const systemLogColumns = {
  id: systemLogs.id,
  level: systemLogs.level,
  source: systemLogs.source,
  message: systemLogs.message,
  context: systemLogs.context,
  createdAt: systemLogs.createdAt,
};

/**
 * Lists log lines of a period, latest first. The BRIN index finds the period, which is sorted again
 * for each page, so ask for hours rather than weeks.
 *
 * @param params.levels only these
 * @param params.source only this part of the application
 * @throws InvalidInputError for a period over 31 days, an unknown level, a malformed cursor
 */
export async function listSystemLogs(
  db: Db,
  params: PageRequest & Stretch & { levels?: readonly string[]; source?: string },
): Promise<KeysetPage<Pick<SystemLog, keyof typeof systemLogColumns>>> {
  const { from, to } = parseStretch(params);
  const { levels } = parseInput(
    z.object({ levels: z.array(z.enum(logLevel.enumValues)).min(1).optional() }),
    params,
  );
  return listPage(systemLogsOrder, params, (seek) =>
    db
      .select({ ...systemLogColumns, ...seek.select })
      .from(systemLogs)
      .where(
        and(
          gte(systemLogs.createdAt, from),
          lt(systemLogs.createdAt, to),
          levels && inArray(systemLogs.level, levels),
          params.source === undefined ? undefined : eq(systemLogs.source, params.source),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

const errorLogsOrder = keyset([
  { column: errorLogs.createdAt, direction: 'desc' },
  { column: errorLogs.id, direction: 'desc' },
]);
const errorLogColumns = {
  id: errorLogs.id,
  name: errorLogs.name,
  message: errorLogs.message,
  stack: errorLogs.stack,
  context: errorLogs.context,
  userId: errorLogs.userId,
  createdAt: errorLogs.createdAt,
};

/** Lists errors of a period, latest first, as `listSystemLogs` does. */
export async function listErrorLogs(
  db: Db,
  params: PageRequest & Stretch & { name?: string },
): Promise<KeysetPage<Pick<ErrorLog, keyof typeof errorLogColumns>>> {
  const { from, to } = parseStretch(params);
  return listPage(errorLogsOrder, params, (seek) =>
    db
      .select({ ...errorLogColumns, ...seek.select })
      .from(errorLogs)
      .where(
        and(
          gte(errorLogs.createdAt, from),
          lt(errorLogs.createdAt, to),
          params.name === undefined ? undefined : eq(errorLogs.name, params.name),
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** The requests of one route in a period; durations in milliseconds. */
export interface RouteSummary {
  readonly method: string;
  readonly route: string;
  readonly requests: number;
  /** Answers with a status of 500 or more. */
  readonly failures: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** Sums up to 200 routes of a period, busiest first. */
export async function summarizeApiMetrics(db: Db, params: Stretch): Promise<RouteSummary[]> {
  const { from, to } = parseStretch(params);
  const percentile = (share: number): SQL<number> =>
    sql<number>`percentile_cont(${sql.raw(String(share))}) within group (order by ${apiMetrics.durationMs})`;
  return db
    .select({
      method: apiMetrics.method,
      route: apiMetrics.route,
      requests: sql<number>`count(*)::int`,
      failures: sql<number>`(count(*) filter (where ${apiMetrics.statusCode} >= 500))::int`,
      medianMs: percentile(0.5),
      p95Ms: percentile(0.95),
    })
    .from(apiMetrics)
    .where(and(gte(apiMetrics.createdAt, from), lt(apiMetrics.createdAt, to)))
    .groupBy(apiMetrics.method, apiMetrics.route)
    .orderBy(sql`count(*) desc`, apiMetrics.route, apiMetrics.method)
    .limit(200);
}

const activityOrder = keyset([
  { column: auditEntries.createdAt, direction: 'desc' },
  { column: auditEntries.id, direction: 'desc' },
]);
/** The person behind a pseudonym, or the pseudonym itself once they were erased. */
const personOf = (pseudonym: PgColumn): SQL<string | null> =>
  sql`coalesce((select ${auditPseudonyms.userId} from ${auditPseudonyms} where ${auditPseudonyms.pseudonym} = ${pseudonym}), ${pseudonym})`;
const activityColumns = {
  id: auditEntries.id,
  actorId: personOf(auditEntries.actorId),
  action: auditEntries.action,
  driveId: auditEntries.driveId,
  pageId: auditEntries.pageId,
  targetUserId: personOf(auditEntries.targetUserId),
  before: auditEntries.before,
  after: auditEntries.after,
  createdAt: auditEntries.createdAt,
};
export type Activity = Pick<ActivityLog, keyof typeof activityColumns>;

const subjects = {
  driveId: auditEntries.driveId,
  pageId: auditEntries.pageId,
  actorId: auditEntries.actorId,
  targetUserId: auditEntries.targetUserId,
} as const;
/** The trail names a person by a pseudonym; an id without one stands for itself. */
const nameInTrail = (subject: keyof typeof subjects, id: string) =>
  subject === 'actorId' || subject === 'targetUserId'
    ? sql`coalesce((select ${auditPseudonyms.pseudonym} from ${auditPseudonyms} where ${auditPseudonyms.userId} = ${id}), ${id})`
    : id;

/**
 * Lists the activity of a drive, of a page, by a person or towards a person; latest first. Check
 * that the reader may see it before the call.
 *
 * @param params.subject the kind of the id
 */
export async function listActivity(
  db: Db,
  params: PageRequest & { subject: keyof typeof subjects; id: string; action?: string },
): Promise<KeysetPage<Activity>> {
  const { subject } = parseInput(
    z.object({ subject: z.enum(['driveId', 'pageId', 'actorId', 'targetUserId']) }),
    params,
  );
  return listPage(activityOrder, params, (seek) =>
    db
      .select({ ...activityColumns, ...seek.select })
      .from(auditEntries)
      .where(
        and(
          eq(subjects[subject], nameInTrail(subject, params.id)),
          params.action === undefined ? undefined : eq(auditEntries.action, params.action),
          sql`${auditEntries.action} not like 'audit.%'`,
          seek.where,
        ),
      )
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
