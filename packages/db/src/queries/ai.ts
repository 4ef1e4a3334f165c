export * from './ai/provider-keys.ts';
export * from './ai/settings.ts';
export * from './ai/usage.ts';
