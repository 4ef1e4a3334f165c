import { text } from 'drizzle-orm/pg-core';
import { nanoid } from 'nanoid';

/**
 * The primary key `id`: a nanoid made by the application, so that a secret can be sealed for its row
 * before the row exists. It does not sort by time; order by a timestamp or a sequence.
 */
export const nanoidKey = () =>
  text('id')
    .primaryKey()
    .$defaultFn(() => nanoid());

/** `user_id`, the row's owner. Each table adds the foreign key under its own name. */
export const ownerId = () => text('user_id').notNull();
