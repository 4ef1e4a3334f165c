export * from './auth.ts';
export * from './core.ts';
export * from './members.ts';
export * from './permissions.ts';
export * from './relations/auth.ts';
export * from './relations/core.ts';
export * from './relations/members.ts';
export * from './relations/permissions.ts';
