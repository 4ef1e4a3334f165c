import { createKeyring, transaction } from '@reference/kit';
import * as api from '../../src/index.ts';
import { addUser } from '../people.ts';

const keyring = createKeyring({ current: 'k', keys: { k: new Uint8Array(32).fill(7) } });
const dayMs = 86_400_000;
const now = Date.now();
const aroundNow = { from: new Date(now - dayMs), to: new Date(now + dayMs) };
const provider = 'anthropic' as const;

/** A person with one of everything that is theirs alone; each text holds the person's token. */
export interface Owner {
  readonly userId: string;
  readonly token: string;
  readonly sessionId: string;
  readonly deviceTokenId: string;
  readonly mcpTokenId: string;
  readonly notificationId: string;
  readonly favoriteId: string;
  readonly driveId: string;
  readonly pageId: string;
  readonly conversationId: string;
  readonly invitation: string;
  readonly subscriptionId: string;
}

/** @param bytes how much they store: a mark of theirs in sums, which hold no text */
export async function addOwner(db: api.Db, token: string, bytes: number): Promise<Owner> {
  const email = `${token}@example.com`;
  const userId = await addUser(db, email);
  const drive = await api.createDrive(db, { ownerId: userId, name: token, slug: token });
  const driveId = drive.id;
  const page = { driveId, title: token, type: 'DOCUMENT' as const };
  const { id: pageId } = await api.createPage(db, { userId, page });
  const favorite = await api.addFavorite(db, { userId, target: { pageId } });
  const upload = {
    contentHash: bytes.toString(16).padStart(64, '0'),
    sizeBytes: bytes,
    mimeType: 'image/png',
    storagePath: `store/${token}`,
  };
  await api.recordUpload(db, { userId, pageId, upload });
  const conversation = { type: 'PAGE' as const, pageId, title: token };
  const { id: conversationId } = await api.createConversation(db, { userId, conversation });
  await api.upsertAiSettings(db, {
    userId,
    selectedProvider: provider,
    selectedModel: token,
  });
  await api.setProviderSettings(db, {
    userId,
    provider,
    keyring,
    apiKey: `sk-${token}`,
    baseUrl: `https://${token}.example.com`,
  });
  const usage = { provider, model: token, inputTokens: bytes, outputTokens: 0, success: true };
  await api.recordAiUsage(db, { userId, usage });
  const session = await api.issueSession(db, { userId, userAgent: token });
  const device = { deviceId: token, platform: 'WEB' as const, deviceName: token };
  const deviceToken = await api.issueDeviceToken(db, { userId, ...device });
  const mcpToken = await api.issueMcpToken(db, { userId, name: token, scopes: ['pages:read'] });
  await transaction(db, (tx) =>
    api.notify(tx, {
      recipientIds: [userId],
      actorId: null,
      type: 'PAGE_SHARED',
      words: () => ({ title: token, message: token }),
    }),
  );
  const { items } = await api.listNotifications(db, { userId });
  await api.setNotificationPreference(db, { userId, type: 'MENTION', emailEnabled: false });
  await api.upsertProfile(db, { userId, username: token, displayName: token, isPublic: false });
  const subscription = await api.upsertSubscription(db, {
    userId,
    planKey: 'free',
    stripeSubscriptionId: `sub_${token}`,
    status: 'ACTIVE',
    currentPeriodStart: aroundNow.from,
    currentPeriodEnd: aroundNow.to,
  });
  const guest = { actorId: userId, driveId, email: `guest-${email}`, role: 'MEMBER' as const };
  const { token: invitation } = await api.inviteMember(db, guest);
  return {
    userId,
    token,
    sessionId: session.id,
    deviceTokenId: deviceToken.id,
    mcpTokenId: mcpToken.id,
    notificationId: items[0]?.id ?? '',
    favoriteId: favorite.id,
    driveId,
    pageId,
    conversationId,
    invitation,
    subscriptionId: subscription.id,
  };
}

type Read = (db: api.Db, own: Owner) => Promise<unknown>;

/** Reads of a user's own rows, whose answer holds their token or one of their ids. */
export const ownReads: Record<string, Read> = {
  getUser: api.getUser,
  requireUser: api.requireUser,
  getAiSettings: api.getAiSettings,
  getProviderKey: (db, { userId }) => api.getProviderKey(db, { userId, provider, keyring }),
  listProviderSettings: api.listProviderSettings,
  listAiUsage: (db, { userId }) => api.listAiUsage(db, { userId }),
  summarizeAiUsage: (db, { userId }) => api.summarizeAiUsage(db, { userId, ...aroundNow }),
  listSessions: (db, { userId }) => api.listSessions(db, { userId }),
  listDeviceTokens: (db, { userId }) => api.listDeviceTokens(db, { userId }),
  listMcpTokens: (db, { userId }) => api.listMcpTokens(db, { userId }),
  listNotifications: (db, { userId }) => api.listNotifications(db, { userId }),
  listUnreadNotifications: (db, { userId }) => api.listUnreadNotifications(db, { userId }),
  listStorageEvents: (db, { userId }) => api.listStorageEvents(db, { userId }),
  getSubscription: (db, { userId }) => api.getSubscription(db, { userId }),
  listSubscriptions: (db, { userId }) => api.listSubscriptions(db, { userId }),
};

/** Reads of a user's own rows that hold no text: told apart by what they count. */
export const ownCounts: Record<string, Read> = {
  getStorageUsage: api.getStorageUsage,
  requirePlanLimits: api.requirePlanLimits,
  countUnreadNotifications: api.countUnreadNotifications,
  getNotificationPreferences: api.getNotificationPreferences,
  getMemberRole: (db, { userId, driveId }) => api.getMemberRole(db, { userId, driveId }),
};

type Write = (db: api.Db, userId: string, of: Owner) => Promise<unknown>;

/** Writes of a user's own rows that name another's: refused, or they find nothing. */
export const writesByOther: Record<string, Write> = {
  revokeSession: (db, userId, { sessionId }) => api.revokeSession(db, { userId, sessionId }),
  revokeDeviceToken: (db, userId, { deviceTokenId }) =>
    api.revokeDeviceToken(db, { userId, deviceTokenId }),
  revokeMcpToken: (db, userId, { mcpTokenId }) => api.revokeMcpToken(db, { userId, mcpTokenId }),
  markNotificationsRead: (db, userId, { notificationId }) =>
    api.markNotificationsRead(db, { userId, notificationIds: [notificationId] }),
  moveFavorite: (db, userId, { favoriteId }) =>
    api.moveFavorite(db, { userId, favoriteId, before: null }),
  removeFavorite: (db, userId, { pageId }) =>
    api.removeFavorite(db, { userId, target: { pageId } }),
  leaveDrive: (db, userId, { driveId }) => api.leaveDrive(db, { userId, driveId }),
  acceptInvitation: (db, userId, { invitation }) =>
    api.acceptInvitation(db, { userId, token: invitation }),
};

/** Writes of a user's own rows, found by their id alone: they are done, and touch nobody else's. */
export const ownWrites: Record<string, Write> = {
  recordAiUsage: (db, userId, { pageId, conversationId }) => {
    const usage = {
      provider,
      model: 'm',
      inputTokens: 1,
      outputTokens: 1,
      success: true,
      pageId,
      conversationId,
    };
    return api.recordAiUsage(db, { userId, usage });
  },
  upsertAiSettings: (db, userId) =>
    api.upsertAiSettings(db, { userId, selectedProvider: 'google' }),
  setProviderSettings: (db, userId) =>
    api.setProviderSettings(db, { userId, provider, keyring, apiKey: 'sk-other' }),
  deleteProviderSettings: (db, userId) => api.deleteProviderSettings(db, { userId, provider }),
  setNotificationPreference: (db, userId) =>
    api.setNotificationPreference(db, { userId, type: 'MENTION', inAppEnabled: false }),
  markAllNotificationsRead: (db, userId) =>
    api.markAllNotificationsRead(db, { userId, upTo: new Date() }),
  upsertProfile: (db, userId) =>
    api.upsertProfile(db, {
      userId,
      username: `other_${userId.slice(0, 20)}`,
      displayName: 'Other',
    }),
  changePassword: (db, userId) =>
    api.changePassword(db, { userId, password: 'correct horse battery staple' }),
  createDrive: (db, userId) => api.createDrive(db, { ownerId: userId, name: 'Another' }),
  revokeSessions: (db, userId) => api.revokeSessions(db, { userId }),
};
