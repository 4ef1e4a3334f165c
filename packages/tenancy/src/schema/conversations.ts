import { snakeTimestamps } from '@reference/kit';
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { tenantIsolation } from './isolation.ts';
import { type Metadata, metadataSchema } from './metadata.ts';
import { tenants } from './tenants.ts';
import { users } from './users.ts';

export const messageRole = pgEnum('message_role', ['user', 'assistant', 'system']);

export const citationsSchema = z.array(z.guid()).max(100);
/** Ids of the document chunks that a message cites. */
export type Citations = z.output<typeof citationsSchema>;

/** A row is one dialogue of one user with the assistant. */
export const conversations = pgTable(
  'conversations',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    userId: uuid('user_id').notNull(),
    title: text('title'),
    /** Raised by `appendMessage` under the row's lock: the position of the newest message. */
    messageCount: integer('message_count').notNull().default(0),
    metadata: jsonb('metadata').$type<Metadata>().notNull().default({}),
    ...snakeTimestamps,
  },
  (t) => [
    primaryKey({ name: 'conversations_pkey', columns: [t.tenantId, t.id] }),
    foreignKey({
      name: 'conversations_tenant_id_fkey',
      columns: [t.tenantId],
      foreignColumns: [tenants.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'conversations_user_id_fkey',
      columns: [t.tenantId, t.userId],
      foreignColumns: [users.tenantId, users.id],
    }).onDelete('cascade'),
    // listConversations, read backwards
    index('conversations_tenant_id_user_id_updated_at_id_idx').on(
      t.tenantId,
      t.userId,
      t.updatedAt,
      t.id,
    ),
    tenantIsolation('conversations', t.tenantId),
  ],
);

/** A row is one turn of a conversation, at a position of its own. */
export const messages = pgTable(
  'messages',
  {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    conversationId: uuid('conversation_id').notNull(),
    /** 1, 2, 3, …, because two messages of one transaction have the same `created_at`. */
    position: integer('position').notNull(),
    role: messageRole('role').notNull(),
    content: text('content').notNull(),
    citations: jsonb('citations').$type<Citations>().notNull().default([]),
    ...snakeTimestamps,
  },
  (t) => [
    primaryKey({ name: 'messages_pkey', columns: [t.tenantId, t.id] }),
    foreignKey({
      name: 'messages_tenant_id_fkey',
      columns: [t.tenantId],
      foreignColumns: [tenants.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'messages_conversation_id_fkey',
      columns: [t.tenantId, t.conversationId],
      foreignColumns: [conversations.tenantId, conversations.id],
    }).onDelete('cascade'),
    // listMessages, read backwards
    unique('messages_tenant_id_conversation_id_position_key').on(
      t.tenantId,
      t.conversationId,
      t.position,
    ),
    tenantIsolation('messages', t.tenantId),
  ],
);

export type Conversation = typeof conversations.$inferSelect;
export type NewConversation = typeof conversations.$inferInsert;
export type Message = typeof messages.$inferSelect;
export type NewMessage = typeof messages.$inferInsert;

const title = z.string().trim().min(1).max(300).nullish();
export const conversationSelectSchema = createSelectSchema(conversations);
export const conversationInsertSchema = createInsertSchema(conversations, {
  title,
  metadata: metadataSchema.optional(),
}).omit({ tenantId: true, id: true, messageCount: true, createdAt: true, updatedAt: true });
export const conversationUpdateSchema = createUpdateSchema(conversations, {
  title,
  metadata: metadataSchema.optional(),
}).pick({ title: true, metadata: true });
export const messageSelectSchema = createSelectSchema(messages);
export const messageInsertSchema = createInsertSchema(messages, {
  content: (schema) => schema.min(1).max(1_000_000),
  citations: citationsSchema.optional(),
}).omit({ tenantId: true, id: true, position: true, createdAt: true, updatedAt: true });
