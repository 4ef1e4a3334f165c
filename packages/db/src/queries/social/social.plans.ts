import { type HotQuery, scanOrSort } from '../hot-query.ts';
import { getConnection, listConnections } from './connections.ts';
import { listDirectConversations } from './conversation-list.ts';
import { listDirectMessages } from './direct-messages.ts';

export const socialPlans: readonly HotQuery[] = [
  {
    name: 'getConnection',
    run: (db, { userId, ownerId }) => getConnection(db, { userId, otherId: ownerId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listConnections',
    run: (db, { userId }) => listConnections(db, { userId, status: 'ACCEPTED' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listDirectConversations',
    run: (db, { userId }) => listDirectConversations(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listDirectMessages',
    run: (db, { userId, conversationId }) => listDirectMessages(db, { userId, conversationId }),
    forbidden: scanOrSort,
    statements: 1,
  },
];
