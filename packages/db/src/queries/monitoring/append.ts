import { insertChunked, parseInput } from '@reference/kit';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  apiMetrics,
  errorLogs,
  insertApiMetricSchema,
  insertErrorLogSchema,
  insertSystemLogSchema,
  systemLogs,
} from '../../schema/index.ts';

const stamps = { updatedAt: true } as const;
const systemLogsSchema = z.array(insertSystemLogSchema.omit(stamps));
const apiMetricsSchema = z.array(insertApiMetricSchema.omit(stamps));
const errorLogsSchema = z.array(insertErrorLogSchema.omit(stamps));

/**
 * Appends any number of log lines, all or none.
 *
 * @param params.lines a line's `createdAt` is the time of logging; default now
 * @returns how many were appended
 * @throws InvalidInputError naming the wrong lines by number, and no value
 */
export async function appendSystemLogs(
  db: Db,
  params: { lines: z.input<typeof systemLogsSchema> },
): Promise<number> {
  return insertChunked(db, systemLogs, parseInput(systemLogsSchema, params.lines));
}

/** Appends measurements of requests, as `appendSystemLogs` does. */
export async function appendApiMetrics(
  db: Db,
  params: { lines: z.input<typeof apiMetricsSchema> },
): Promise<number> {
  return insertChunked(db, apiMetrics, parseInput(apiMetricsSchema, params.lines));
}

/** Appends errors, as `appendSystemLogs` does. */
export async function appendErrorLogs(
  db: Db,
  params: { lines: z.input<typeof errorLogsSchema> },
): Promise<number> {
  return insertChunked(db, errorLogs, parseInput(errorLogsSchema, params.lines));
}
