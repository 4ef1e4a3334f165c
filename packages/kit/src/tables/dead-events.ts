import { bigint, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { camelTimestamps } from '../timestamps.ts';

/** A row is an event that could not be delivered in all its attempts: somebody has to look at it. */
export const deadEvents = pgTable(
  'dead_events',
  {
    /** As it was in the outbox. */
    id: uuid('id').primaryKey(),
    position: bigint('position', { mode: 'number' }).notNull(),
    key: text('key').notNull(),
    topic: text('topic').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    attempts: integer('attempts').notNull(),
    lastError: text('lastError'),
    ...camelTimestamps,
  },
  (t) => [
    /** Serves the list of dead events, latest first. */
    index('dead_events_createdAt_idx').on(t.createdAt, t.id),
  ],
);

const fields = { payload: () => z.record(z.string(), z.json()) };
export const insertDeadEventSchema = createInsertSchema(deadEvents, fields);
export const selectDeadEventSchema = createSelectSchema(deadEvents);
export const updateDeadEventSchema = createUpdateSchema(deadEvents, fields).omit({
  id: true,
  createdAt: true,
  updatedAt: true,
});
export type DeadEvent = typeof deadEvents.$inferSelect;
export type NewDeadEvent = typeof deadEvents.$inferInsert;
