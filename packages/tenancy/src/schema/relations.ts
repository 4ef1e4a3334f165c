import { relations } from 'drizzle-orm';
import { conversations, messages } from './conversations.ts';
import { documentChunks, documents } from './documents.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

export const tenantsRelations = relations(tenants, ({ many }) => ({
  users: many(users),
  conversations: many(conversations),
  documents: many(documents),
  messages: many(messages),
  documentChunks: many(documentChunks),
}));

export const usersRelations = relations(users, ({ one, many }) => ({
  tenant: one(tenants, { fields: [users.tenantId], references: [tenants.id] }),
  conversations: many(conversations),
}));

export const conversationsRelations = relations(conversations, ({ one, many }) => ({
  tenant: one(tenants, { fields: [conversations.tenantId], references: [tenants.id] }),
  user: one(users, {
    fields: [conversations.tenantId, conversations.userId],
    references: [users.tenantId, users.id],
  }),
  messages: many(messages),
}));

export const messagesRelations = relations(messages, ({ one }) => ({
  tenant: one(tenants, { fields: [messages.tenantId], references: [tenants.id] }),
  conversation: one(conversations, {
    fields: [messages.tenantId, messages.conversationId],
    references: [conversations.tenantId, conversations.id],
  }),
}));

export const documentsRelations = relations(documents, ({ one, many }) => ({
  tenant: one(tenants, { fields: [documents.tenantId], references: [tenants.id] }),
  chunks: many(documentChunks),
}));

export const documentChunksRelations = relations(documentChunks, ({ one }) => ({
  tenant: one(tenants, { fields: [documentChunks.tenantId], references: [tenants.id] }),
  document: one(documents, {
    fields: [documentChunks.tenantId, documentChunks.documentId],
    references: [documents.tenantId, documents.id],
  }),
}));
