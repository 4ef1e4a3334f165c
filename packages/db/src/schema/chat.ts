export * from './chat/channels.ts';
export * from './chat/conversations.ts';
