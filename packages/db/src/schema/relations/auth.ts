import { relations } from 'drizzle-orm';
import {
  deviceTokens,
  mcpTokens,
  refreshTokens,
  sessions,
  users,
  verificationTokens,
} from '../auth.ts';

// Relations point both ways and tables only one: here, apart, no two table files import each other.

export const sessionsRelations = relations(sessions, ({ one }) => ({
  user: one(users, { fields: [sessions.userId], references: [users.id] }),
}));

export const refreshTokensRelations = relations(refreshTokens, ({ one, many }) => ({
  user: one(users, { fields: [refreshTokens.userId], references: [users.id] }),
  replacedBy: one(refreshTokens, {
    fields: [refreshTokens.replacedById],
    references: [refreshTokens.id],
    relationName: 'replacement',
  }),
  replaces: many(refreshTokens, { relationName: 'replacement' }),
}));

export const deviceTokensRelations = relations(deviceTokens, ({ one }) => ({
  user: one(users, { fields: [deviceTokens.userId], references: [users.id] }),
}));

export const verificationTokensRelations = relations(verificationTokens, ({ one }) => ({
  user: one(users, { fields: [verificationTokens.userId], references: [users.id] }),
}));

export const mcpTokensRelations = relations(mcpTokens, ({ one }) => ({
  user: one(users, { fields: [mcpTokens.userId], references: [users.id] }),
}));
