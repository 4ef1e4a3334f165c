import { relations } from 'drizzle-orm';
import { aiUsageLogs, userAiSettings, userProviderSettings } from '../ai.ts';
import { users } from '../auth.ts';
import { conversations } from '../chat.ts';
import { pages } from '../core.ts';

export const userAiSettingsRelations = relations(userAiSettings, ({ one }) => ({
  user: one(users, { fields: [userAiSettings.userId], references: [users.id] }),
}));

export const userProviderSettingsRelations = relations(userProviderSettings, ({ one }) => ({
  user: one(users, { fields: [userProviderSettings.userId], references: [users.id] }),
}));

export const aiUsageLogsRelations = relations(aiUsageLogs, ({ one }) => ({
  user: one(users, { fields: [aiUsageLogs.userId], references: [users.id] }),
  conversation: one(conversations, {
    fields: [aiUsageLogs.conversationId],
    references: [conversations.id],
  }),
  page: one(pages, { fields: [aiUsageLogs.pageId], references: [pages.id] }),
}));
