export * from './auth/device-tokens.ts';
export { raiseTokenVersion } from './auth/issued.ts';
export * from './auth/mcp-tokens.ts';
export {
  accountClosed,
  accountClosedSchema,
  closeAccount,
  eraseUser,
  exportUser,
  personalPlan,
} from './auth/personal-data.ts';
export * from './auth/refresh-tokens.ts';
export * from './auth/sessions.ts';
export * from './auth/users.ts';
export * from './auth/verification-tokens.ts';
