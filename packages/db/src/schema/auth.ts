export * from './auth/device-tokens.ts';
export * from './auth/mcp-tokens.ts';
export * from './auth/refresh-tokens.ts';
export * from './auth/sessions.ts';
export * from './auth/users.ts';
export * from './auth/verification-tokens.ts';
