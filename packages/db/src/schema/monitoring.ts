import { camelTimestamps, instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgEnum, pgTable, pgView, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { insertAuditEntrySchema } from './audit.ts';
import { logId } from './columns.ts';
import { atLeast, immutable, line, optional, prose } from './fields.ts';
import { boundedJson } from './json.ts';

// Logs are appended and, when old, deleted; nothing updates them. So they have no foreign keys: the
// subject of a line may be deleted before the line, and must not change or delete it.

/** Further fields of a log line; at most 16 KB. */
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
    /** The part of the application that logged it. */
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
    /** The user whose request failed. Not a foreign key: the line outlives the user. */
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

/**
 * A row is one act on a drive, page or user: an entry of the audit trail, with the people behind
 * its pseudonyms. It is a view; the migration holds its text.
 */
export const activityLogs = pgView('activity_logs', {
  id: text('id').notNull(),
  /** Null for the system itself; the pseudonym, once the person was erased. */
  actorId: text('actorId'),
  /** The act, as `subject.verb`: `user.promote`. */
  action: text('action').notNull(),
  driveId: text('driveId'),
  pageId: text('pageId'),
  /** The pseudonym, once the person was erased. */
  targetUserId: text('targetUserId'),
  before: jsonb('before').$type<LogContext>(),
  after: jsonb('after').$type<LogContext>(),
  createdAt: instant('createdAt').notNull(),
  updatedAt: instant('updatedAt').notNull(),
}).existing();

export const insertActivityLogSchema = insertAuditEntrySchema.pick({
  actorId: true,
  action: true,
  driveId: true,
  pageId: true,
  targetUserId: true,
  before: true,
  after: true,
  createdAt: true,
});
export const selectActivityLogSchema = createSelectSchema(activityLogs);
export type ActivityLog = typeof activityLogs.$inferSelect;
export type NewActivityLog = z.input<typeof insertActivityLogSchema>;
