import { camelTimestamps, instant } from '@reference/kit';
import { foreignKey, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { checkTokenHash, cuid } from '../columns.ts';
import { atLeast, immutable, line, sha256 } from '../fields.ts';
import { users } from './users.ts';

/** The rights of a program that holds an MCP token. */
export const mcpScopeSchema = z.enum([
  'drives:read',
  'drives:write',
  'pages:read',
  'pages:write',
  'chat:read',
  'chat:write',
]);
export const mcpScopesSchema = z
  .array(mcpScopeSchema)
  .min(1)
  .max(mcpScopeSchema.options.length)
  .refine((scopes) => new Set(scopes).size === scopes.length, 'names a scope twice');
export type McpScope = z.infer<typeof mcpScopeSchema>;

/** A row is a token with which a program acts for a user through the Model Context Protocol. */
export const mcpTokens = pgTable(
  'mcp_tokens',
  {
    id: cuid(),
    tokenHash: text('tokenHash').notNull(),
    tokenPrefix: text('tokenPrefix').notNull(),
    userId: text('userId').notNull(),
    /** The user's tokenVersion when this was issued; a lower one than the user's is void. */
    tokenVersion: integer('tokenVersion').notNull(),
    name: text('name').notNull(),
    scopes: jsonb('scopes').$type<McpScope[]>().notNull(),
    lastUsedAt: instant('lastUsedAt'),
    expiresAt: instant('expiresAt'),
    revokedAt: instant('revokedAt'),
    ...camelTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'mcp_tokens_userId_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves verifying an MCP token. */
    uniqueIndex('mcp_tokens_tokenHash_key').on(t.tokenHash),
    /** Serves a user's MCP tokens, latest first. */
    index('mcp_tokens_userId_createdAt_idx').on(t.userId, t.createdAt, t.id),
    checkTokenHash('mcp_tokens_tokenHash_check', t.tokenHash),
  ],
);

const mcpTokenFields = {
  tokenHash: sha256,
  tokenPrefix: line(20),
  tokenVersion: atLeast(0),
  name: line(200),
  scopes: () => mcpScopesSchema,
};
export const insertMcpTokenSchema = createInsertSchema(mcpTokens, mcpTokenFields);
export const selectMcpTokenSchema = createSelectSchema(mcpTokens, {
  scopes: () => mcpScopesSchema,
});
export const updateMcpTokenSchema = createUpdateSchema(mcpTokens, mcpTokenFields).omit({
  ...immutable,
  userId: true,
  tokenHash: true,
  tokenPrefix: true,
});
export type McpToken = typeof mcpTokens.$inferSelect;
export type NewMcpToken = typeof mcpTokens.$inferInsert;
