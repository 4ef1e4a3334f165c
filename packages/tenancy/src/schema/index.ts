export * from './conversations.ts';
export * from './documents.ts';
export * from './isolation.ts';
export * from './metadata.ts';
export * from './relations.ts';
export * from './tenants.ts';
export * from './users.ts';
