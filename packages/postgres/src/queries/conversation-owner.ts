import { type SQL, sql } from 'drizzle-orm';
import { conversations } from '../schemas/index.ts';

/**
 * The condition that a conversation, found by its key, belongs to a person.
 *
 * `is true` keeps the comparison out of the index condition. With a plain `user_id = $1` the planner takes
 * the index of a person's conversations, which holds the key as its last column, and reads all of them to
 * find the one: 1,270 pages for a person with 100,000 conversations instead of 3.
 */
export const belongsTo = (userId: string): SQL =>
  sql`(${conversations.userId} = ${userId}) is true`;
