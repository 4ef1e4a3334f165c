import { camelTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { logId } from './columns.ts';
import { atLeast, immutable, line, optional, prose } from './fields.ts';
import { boundedJson } from './json.ts';

// Logs are appended and, when old, deleted; nothing updates them. So they have no foreign keys:
// what a line is about may go before the line does, and must not rewrite or delete it.

/** What a log line adds to its text; at most 16 KB. */
export const logContextSchema = boundedJson(z.record(z.string(), z.json()), 16_000);
export type LogContext = z.infer<typeof logContextSchema>;

export const logLevel = pgEnum('LogLevel', ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
export type LogLevel = (typeof logLevel.enumValues)[number];

/** A row is one line that the application logged. */
export const systemLogs = pgTable(
  'system_logs',
  {
    id: logId(),
    level: logLevel('level').notNull(),
    /** The part of the application that speaks. */
    source: text('source').notNull(),
    message: text('message').notNull(),
    context: jsonb('context').$type<LogContext>(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a stretch of time, and retention. */
    index('system_logs_createdAt_idx').using('brin', t.createdAt),
  ],
);

const systemLogFields = {
  source: line(100),
  message: prose(10_000),
  context: logContextSchema.nullish(),
};
export const insertSystemLogSchema = createInsertSchema(systemLogs, systemLogFields);
export const selectSystemLogSchema = createSelectSchema(systemLogs);
export const updateSystemLogSchema = createUpdateSchema(systemLogs, systemLogFields).omit(
  immutable,
);
export type SystemLog = typeof systemLogs.$inferSelect;
export type NewSystemLog = typeof systemLogs.$inferInsert;

/** A row is one answered request. */
export const apiMetrics = pgTable(
  'api_metrics',
  {
    id: logId(),
    method: text('method').notNull(),
    /** The route's pattern, without ids: `/drives/:driveId/pages`. */
    route: text('route').notNull(),
    statusCode: integer('statusCode').notNull(),
    durationMs: integer('durationMs').notNull(),
    /** Not a foreign key: the measurement outlives the user. */
    userId: text('userId'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a stretch of time, and retention. */
    index('api_metrics_createdAt_idx').using('brin', t.createdAt),
    check('api_metrics_statusCode_check', sql`${t.statusCode} between 100 and 599`),
    check('api_metrics_durationMs_check', sql`${t.durationMs} >= 0`),
  ],
);

const apiMetricFields = {
  method: line(10),
  route: line(500),
  statusCode: (field: z.ZodInt) => field.min(100).max(599),
  durationMs: atLeast(0),
};
export const insertApiMetricSchema = createInsertSchema(apiMetrics, apiMetricFields);
export const selectApiMetricSchema = createSelectSchema(apiMetrics);
export const updateApiMetricSchema = createUpdateSchema(apiMetrics, apiMetricFields).omit({
  ...immutable,
  userId: true,
});
export type ApiMetric = typeof apiMetrics.$inferSelect;
export type NewApiMetric = typeof apiMetrics.$inferInsert;

/** A row is one error that was caught. */
export const errorLogs = pgTable(
  'error_logs',
  {
    id: logId(),
    name: text('name').notNull(),
    message: text('message').notNull(),
    stack: text('stack'),
    context: jsonb('context').$type<LogContext>(),
    /** Whose request failed. Not a foreign key: the line outlives the user. */
    userId: text('userId'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a stretch of time, and retention. */
    index('error_logs_createdAt_idx').using('brin', t.createdAt),
  ],
);

const errorLogFields = {
  name: line(200),
  message: prose(10_000),
  stack: optional(prose(50_000)),
  context: logContextSchema.nullish(),
};
export const insertErrorLogSchema = createInsertSchema(errorLogs, errorLogFields);
export const selectErrorLogSchema = createSelectSchema(errorLogs);
export const updateErrorLogSchema = createUpdateSchema(errorLogs, errorLogFields).omit({
  ...immutable,
  userId: true,
});
export type ErrorLog = typeof errorLogs.$inferSelect;
export type NewErrorLog = typeof errorLogs.$inferInsert;

/** A row says who did what to which drive, page or user. */
export const activityLogs = pgTable(
  'activity_logs',
  {
    id: logId(),
    /** Null for the system itself. Not a foreign key: the record outlives the user. */
    actorId: text('actorId'),
    /** What was done, as `subject.verb`: `user.promote`. */
    action: text('action').notNull(),
    /** Not a foreign key: the record outlives the drive. */
    driveId: text('driveId'),
    /** Not a foreign key: the record outlives the page. */
    pageId: text('pageId'),
    /** Not a foreign key: the record outlives the user. */
    targetUserId: text('targetUserId'),
    before: jsonb('before').$type<LogContext>(),
    after: jsonb('after').$type<LogContext>(),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves a stretch of time, and retention. */
    index('activity_logs_createdAt_idx').using('brin', t.createdAt),
    /** Serves what happened in a drive, latest first. */
    index('activity_logs_driveId_createdAt_idx').on(t.driveId, t.createdAt, t.id),
    /** Serves what happened to a page, latest first. */
    index('activity_logs_pageId_createdAt_idx').on(t.pageId, t.createdAt, t.id),
    /** Serves what a person did, latest first. */
    index('activity_logs_actorId_createdAt_idx').on(t.actorId, t.createdAt, t.id),
    /** Serves what was done to a person, latest first. */
    index('activity_logs_targetUserId_createdAt_idx').on(t.targetUserId, t.createdAt, t.id),
  ],
);

const activityLogFields = {
  action: (field: z.ZodString) =>
    field.max(100).regex(/^[a-z]+(\.[a-z]+)+$/, 'must look like user.promote'),
  before: logContextSchema.nullish(),
  after: logContextSchema.nullish(),
};
export const insertActivityLogSchema = createInsertSchema(activityLogs, activityLogFields);
export const selectActivityLogSchema = createSelectSchema(activityLogs);
export const updateActivityLogSchema = createUpdateSchema(activityLogs, activityLogFields).omit({
  ...immutable,
  actorId: true,
});
export type ActivityLog = typeof activityLogs.$inferSelect;
export type NewActivityLog = typeof activityLogs.$inferInsert;
