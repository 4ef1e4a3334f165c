import * as api from '../../src/index.ts';

/** Two people, and how they came to stand to each other. */
export interface Pair {
  readonly userId: string;
  readonly otherId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly token: string;
}

const statuses = ['PENDING', 'ACCEPTED', 'BLOCKED'] as const;
type Read = (db: api.Db, userId: string, pair: Pair) => Promise<unknown>;

/** Reads about what two people have together: shown to the two, and to nobody else. */
export const pairReads: Record<string, Read> = {
  getConnection: (db, userId, pair) =>
    api.getConnection(db, { userId, otherId: userId === pair.userId ? pair.otherId : pair.userId }),
  listConnections: async (db, userId) =>
    Promise.all(statuses.map((status) => api.listConnections(db, { userId, status }))),
  listDirectConversations: (db, userId) => api.listDirectConversations(db, { userId }),
  listDirectMessages: (db, userId, { conversationId }) =>
    api.listDirectMessages(db, { userId, conversationId }),
  getProfile: (db, viewerId, { userId }) => api.getProfile(db, { viewerId, userId }),
};

/** Writes about it by a third person, who names the two: refused. */
export const pairWrites: Record<string, Read> = {
  acceptConnection: (db, userId, { otherId }) => api.acceptConnection(db, { userId, otherId }),
  rejectConnection: (db, userId, { otherId }) => api.rejectConnection(db, { userId, otherId }),
  removeConnection: (db, userId, { otherId }) => api.removeConnection(db, { userId, otherId }),
  unblockUser: (db, userId, { otherId }) => api.unblockUser(db, { userId, otherId }),
  markConversationRead: (db, userId, { conversationId, messageId }) =>
    api.markConversationRead(db, { userId, conversationId, messageId }),
  trashDirectMessage: (db, userId, { messageId }) =>
    api.trashDirectMessage(db, { userId, messageId }),
  sendDirectMessage: (db, userId, { otherId }) =>
    api.sendDirectMessage(db, { userId, otherId, content: 'x' }),
};

/** Acts of a third person towards one of the two: they change nothing between them. */
export const ownPairWrites: Record<string, Read> = {
  requestConnection: (db, userId, { otherId }) => api.requestConnection(db, { userId, otherId }),
  blockUser: (db, userId, { otherId }) => api.blockUser(db, { userId, otherId }),
};

/** Connects two people, who then talk; each text holds the token. */
export async function connectPair(
  db: api.Db,
  { userId, otherId, token }: Pick<Pair, 'userId' | 'otherId' | 'token'>,
): Promise<Pair> {
  await api.requestConnection(db, { userId, otherId, message: token });
  await api.acceptConnection(db, { userId: otherId, otherId: userId });
  const said = await api.sendDirectMessage(db, { userId, otherId, content: token });
  await api.sendDirectMessage(db, { userId: otherId, otherId: userId, content: token });
  return { userId, otherId, token, conversationId: said.conversationId, messageId: said.id };
}
