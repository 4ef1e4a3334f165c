import { sealedCheck, sealedField, snakeTimestamps } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { nanoidKey, ownerId } from './columns.ts';
import { filledProse, immutable, line, prose, secretSchema, url } from './fields.ts';
import { sealingKeyIndex } from './sealed.ts';
import { users } from './users.ts';

export const connectorType = pgEnum('connector_type', ['local', 'remote']);
export type ConnectorType = (typeof connectorType.enumValues)[number];

export const connectorStatus = pgEnum('connector_status', ['connected', 'disconnected']);
export type ConnectorStatus = (typeof connectorStatus.enumValues)[number];

/** A row is an MCP server that a user's agents may use: a local command or a remote address. */
export const connectors = pgTable(
  'connectors',
  {
    id: nanoidKey(),
    userId: ownerId(),
    name: text('name').notNull(),
    description: text('description'),
    type: connectorType('type').notNull().default('remote'),
    baseUrl: text('base_url'),
    oauthClientId: text('oauth_client_id'),
    /** Sealed. */
    oauthClientSecret: text('oauth_client_secret'),
    /** The hint that lists show in place of the client secret. */
    oauthClientSecretHint: text('oauth_client_secret_hint'),
    command: text('command'),
    /** Environment variables of the command: an object as JSON, sealed. */
    env: text('env'),
    /** The names of those variables, which lists show in place of their values. */
    envNames: text('env_names').array().notNull().default(sql`'{}'::text[]`),
    status: connectorStatus('status').notNull().default('disconnected'),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'connectors_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** Serves a user's connectors by name, and the foreign key. */
    index('connectors_user_id_name_id_idx').on(t.userId, t.name, t.id),
    /** Serve key rotation. */
    sealingKeyIndex('connectors_oauth_client_secret_key_idx', t.oauthClientSecret, t.id),
    sealingKeyIndex('connectors_env_key_idx', t.env, t.id),
    sealedCheck('connectors_oauth_client_secret_check', t.oauthClientSecret),
    sealedCheck('connectors_env_check', t.env),
    check(
      'connectors_type_check',
      sql`case ${t.type} when 'remote' then ${t.baseUrl} is not null else ${t.command} is not null end`,
    ),
    check(
      'connectors_oauth_client_secret_hint_check',
      sql`(${t.oauthClientSecret} is null) = (${t.oauthClientSecretHint} is null)`,
    ),
  ],
);

/** The environment of a local connector's command, in clear: at most 100 variables. */
export const connectorEnvSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is not the name of an environment variable'),
    z.union([secretSchema, z.literal('')]),
  )
  .refine((env) => Object.keys(env).length <= 100, 'must not hold more than 100 variables');
export type ConnectorEnv = z.infer<typeof connectorEnvSchema>;

const connectorFields = {
  name: line(100),
  description: prose(2000),
  baseUrl: url,
  oauthClientId: line(255),
  oauthClientSecret: sealedField,
  oauthClientSecretHint: line(16),
  command: filledProse(2000),
  env: sealedField,
};

export const insertConnectorSchema = createInsertSchema(connectors, connectorFields)
  // drizzle-zod types a refined column as required in an insert, also a nullable one.
  .partial({
    description: true,
    baseUrl: true,
    oauthClientId: true,
    oauthClientSecret: true,
    oauthClientSecretHint: true,
    command: true,
    env: true,
  })
  .strict();
export const selectConnectorSchema = createSelectSchema(connectors);
export const updateConnectorSchema = createUpdateSchema(connectors, connectorFields)
  .omit(immutable)
  .strict();

export type Connector = typeof connectors.$inferSelect;
export type NewConnector = typeof connectors.$inferInsert;
