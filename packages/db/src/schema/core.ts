export * from './core/chat-messages.ts';
export * from './core/drives.ts';
export * from './core/favorites.ts';
export * from './core/mentions.ts';
export * from './core/page-comments.ts';
export * from './core/pages.ts';
export * from './core/tags.ts';
