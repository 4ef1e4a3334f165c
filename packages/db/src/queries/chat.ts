export { listenToChannels } from './chat/channel-changes.ts';
export * from './chat/channel-history.ts';
export {
  appendChannelMessage,
  deleteChannelMessage,
  editChannelMessage,
} from './chat/channel-messages.ts';
export * from './chat/channel-reactions.ts';
export * from './chat/channel-reading.ts';
export {
  archiveConversation,
  createConversation,
  getConversation,
  type ListedConversation,
  listConversations,
  renameConversation,
  requireConversation,
} from './chat/conversations.ts';
export * from './chat/messages.ts';
