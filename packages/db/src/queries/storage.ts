export * from './storage/files.ts';
export * from './storage/reconcile.ts';
export * from './storage/usage.ts';
