export * from './social/connections.ts';
export * from './social/conversation-list.ts';
export * from './social/direct-messages.ts';
export * from './social/profiles.ts';
