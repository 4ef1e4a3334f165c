import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { camelTimestamps, instant } from '../timestamps.ts';

/**
 * A row is something that happened, written in the transaction in which it did, for a relay to
 * deliver. Partitioned by `day` (in the migration; Drizzle cannot declare it): eight partitions that
 * are reused like the days of a week, so that retention empties one and creates none.
 */
export const outboxEvents = pgTable(
  'outbox_events',
  {
    /** The day since 1970 modulo 8, in UTC, on which the event was written. */
    day: smallint('day')
      .notNull()
      .default(sql`((floor(extract(epoch from now()) / 86400))::bigint % 8)::smallint`),
    /** Orders the events; those of one key in the order in which their transactions committed. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** The id by which a receiver recognises a repetition. */
    id: uuid('id').notNull().defaultRandom(),
    /** Events of one key are delivered one after the other. */
    key: text('key').notNull(),
    topic: text('topic').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    /** How often a relay took it. */
    attempts: integer('attempts').notNull().default(0),
    /** When a relay may take it; while a relay has it, the end of that lease. */
    dueAt: instant('dueAt').notNull().defaultNow(),
    deliveredAt: instant('deliveredAt'),
    lastError: text('lastError'),
    ...camelTimestamps,
  },
  (t) => [
    primaryKey({ name: 'outbox_events_pkey', columns: [t.day, t.position] }),
    /** Serves whether an earlier event of a key waits. */
    index('outbox_events_key_position_idx')
      .on(t.key, t.position)
      .where(sql`${t.deliveredAt} is null`),
    /** Serves taking what is due, the longest due first. */
    index('outbox_events_dueAt_idx').on(t.dueAt, t.position).where(sql`${t.deliveredAt} is null`),
    check('outbox_events_day_check', sql`${t.day} between 0 and 7`),
    check('outbox_events_attempts_check', sql`${t.attempts} >= 0`),
  ],
);

const fields = { payload: () => z.record(z.string(), z.json()) };
export const insertOutboxEventSchema = createInsertSchema(outboxEvents, fields);
export const selectOutboxEventSchema = createSelectSchema(outboxEvents);
export const updateOutboxEventSchema = createUpdateSchema(outboxEvents, fields).omit({
  id: true,
  createdAt: true,
  updatedAt: true,
});
export type OutboxEvent = typeof outboxEvents.$inferSelect;
export type NewOutboxEvent = typeof outboxEvents.$inferInsert;
