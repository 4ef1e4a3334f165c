import { timestamp } from 'drizzle-orm/pg-core';

/**
 * A point in time: `timestamptz(3)`, read and written as a `Date`.
 * Precision 3 because a `Date` holds milliseconds: a column with microseconds makes a cursor
 * built from a `Date` skip or repeat rows. PostgreSQL rounds to the nearest millisecond, so a stored
 * `now()` can lie up to 0.5 ms ahead of the clock.
 *
 * @param name the database column's name
 */
export const instant = (name: string) =>
  timestamp(name, { precision: 3, withTimezone: true, mode: 'date' });

/** `createdAt` and `updatedAt` for tables whose database columns are camelCase. */
export const camelTimestamps = {
  createdAt: instant('createdAt').notNull().defaultNow(),
  updatedAt: instant('updatedAt')
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
};

/** `createdAt` and `updatedAt` for tables whose database columns are snake_case. */
export const snakeTimestamps = {
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at')
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
};
