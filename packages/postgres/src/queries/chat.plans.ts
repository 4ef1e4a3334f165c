import { appendMessage, getConversations, getMessages } from './chat.queries.ts';
import { getFeedback } from './feedback.queries.ts';
import { getGoals } from './goal.queries.ts';
import { type HotQuery, scanOrSort } from './hot-query.ts';

/**
 * The index of a person's conversations has the key last, so by it PostgreSQL reads all of them to
 * find one.
 */
const allOfAPerson = 'Index Only Scan on conversations';

/** The queries about a person's own writing. */
export const chatPlans: readonly HotQuery[] = [
  {
    name: 'getConversations, two pages',
    run: async (db, { userId }) => {
      const { nextCursor } = await getConversations(db, { userId, limit: 5 });
      await getConversations(db, { userId, limit: 5, cursor: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'getMessages, two pages',
    run: async (db, { userId, conversationId }) => {
      const { nextCursor } = await getMessages(db, { userId, conversationId, limit: 5 });
      await getMessages(db, { userId, conversationId, limit: 5, cursor: nextCursor });
    },
    forbidden: [...scanOrSort, allOfAPerson],
    statements: 2,
  },
  {
    name: 'appendMessage',
    run: (db, { userId, conversationId }) =>
      appendMessage(db, { userId, conversationId, role: 'user', content: 'a' }),
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'getFeedback',
    run: (db, { userId, messageId }) => getFeedback(db, { userId, messageId }),
    forbidden: [...scanOrSort, allOfAPerson],
    statements: 1,
  },
  {
    name: 'getGoals',
    run: (db, { userId }) => getGoals(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
