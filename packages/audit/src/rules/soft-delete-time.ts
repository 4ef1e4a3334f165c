import { at, defineRule, matches } from './rule.ts';
import { softDeleteOf } from './soft-delete-columns.ts';

export const softDeleteTime = defineRule({
  id: 'soft-delete-time',
  group: 'soft delete',
  severity: 'info',
  needs: 'schema',
  title: 'A row in the trash says since when',
  why: 'A flag alone cannot tell what to purge after thirty days, nor sort the trash by time. Content that its users can delete needs such a mark, or one wrong click is final.',
  source: 'convention of the field; `content` in the profile names the tables of user content',
  options: {
    /** Tables of user content, each of which needs isTrashed with trashedAt, or deletedAt. */
    content: [] as string[],
  },
  bad: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), isDeleted: boolean('is_deleted').notNull().default(false) });`,
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey() });`,
      options: { content: ['posts'] },
    },
  ],
  good: [
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), isTrashed: boolean('is_trashed').notNull(), trashedAt: timestamp('trashed_at') });`,
      options: { content: ['posts'] },
    },
    {
      schema: `export const posts = pgTable('posts', { id: text('id').primaryKey(), deletedAt: timestamp('deleted_at') });`,
      options: { content: ['posts'] },
    },
  ],
  *check({ model }, { content }) {
    for (const table of model.tables) {
      const { flag, time } = softDeleteOf(table);
      if (time) continue;
      if (flag)
        yield {
          object: at(table, flag),
          message: 'marks a deleted row without its time',
          location: flag.location,
          fix: {
            language: 'ts',
            code: `deletedAt: timestamp('deleted_at', { withTimezone: true, precision: 3 }),`,
          },
        };
      else if (matches(content, table.id))
        yield {
          object: table.id,
          message: 'is user content without a trash',
          location: table.location,
        };
    }
  },
});
