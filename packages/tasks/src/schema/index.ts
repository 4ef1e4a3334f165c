export * from './connectors.ts';
export * from './keys.ts';
export * from './relations.ts';
export * from './settings.ts';
export * from './tags.ts';
export * from './tasks.ts';
export * from './transcripts.ts';
export * from './users.ts';
