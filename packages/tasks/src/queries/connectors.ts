import {
  InvalidInputError,
  type Keyring,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import { nanoid } from 'nanoid';
import type { z } from 'zod';
import type { Db } from '../database.ts';
import {
  type Connector,
  type ConnectorEnv,
  connectorEnvSchema,
  connectors,
  insertConnectorSchema,
} from '../schema/connectors.ts';
import { secretSchema } from '../schema/fields.ts';
import { tasks } from '../schema/tasks.ts';
import { noSuchUser } from './refusals.ts';
import { maskSecret, sealedPlace } from './secrets.ts';

const summaryColumns = {
  id: connectors.id,
  name: connectors.name,
  description: connectors.description,
  type: connectors.type,
  baseUrl: connectors.baseUrl,
  oauthClientId: connectors.oauthClientId,
  oauthClientSecretHint: connectors.oauthClientSecretHint,
  command: connectors.command,
  envNames: connectors.envNames,
  status: connectors.status,
  createdAt: connectors.createdAt,
  updatedAt: connectors.updatedAt,
};

/** A connector with its secret masked, and the names of its environment variables only. */
export type ConnectorSummary = Pick<Connector, keyof typeof summaryColumns>;

const connectorSchema = insertConnectorSchema
  .pick({
    name: true,
    description: true,
    type: true,
    baseUrl: true,
    oauthClientId: true,
    command: true,
    status: true,
  })
  .extend({
    oauthClientSecret: secretSchema.nullish(),
    env: connectorEnvSchema.nullish(),
  })
  .strict();

const createConnectorSchema = connectorSchema.refine(
  ({ type = 'remote', baseUrl, command }) => (type === 'remote' ? baseUrl : command),
  'a remote connector needs a baseUrl, a local one a command',
);
const updateConnectorSchema = connectorSchema
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'give a field to change');

/** A new connector's fields, secrets in clear. */
export type CreateConnector = z.input<typeof createConnectorSchema>;
/** Fields to change; a secret of `null` is removed. */
export type UpdateConnector = z.input<typeof updateConnectorSchema>;

/** A connector and its owner. */
export interface ConnectorRef {
  readonly userId: string;
  readonly connectorId: string;
}

const ownConnector = ({ userId, connectorId }: ConnectorRef) =>
  and(eq(connectors.id, connectorId), eq(connectors.userId, userId));

/**
 * Stores an MCP server for a user's agents.
 *
 * @param params with secrets in clear, which are sealed before they are sent to the database
 * @throws InvalidInputError naming each wrong field, never its value
 * @throws NotFoundError when there is no such user
 */
export async function createConnector(
  db: Db,
  {
    userId,
    keyring,
    ...input
  }: CreateConnector & { readonly userId: string; readonly keyring: Keyring },
): Promise<ConnectorSummary> {
  const { oauthClientSecret, env, ...fields } = parseInput(createConnectorSchema, input);
  const id = nanoid();
  const secrets = await sealSecrets(
    keyring,
    { userId, connectorId: id },
    { oauthClientSecret, env },
  );
  const [connector] = await mapConstraints(
    db
      .insert(connectors)
      .values({ id, userId, ...fields, ...secrets })
      .returning(summaryColumns),
    { connectors_user_id_fkey: noSuchUser },
  );
  if (!connector) throw noSuchConnector();
  return connector;
}

/**
 * Changes a connector; omitted fields stay unchanged.
 *
 * @throws InvalidInputError naming each wrong field, or when a remote connector would be left
 *   without a baseUrl, a local one without a command
 * @throws NotFoundError also for another user's connector
 */
export async function updateConnector(
  db: Db,
  {
    userId,
    connectorId,
    keyring,
    changes,
  }: ConnectorRef & { readonly keyring: Keyring; readonly changes: UpdateConnector },
): Promise<ConnectorSummary> {
  const { oauthClientSecret, env, ...fields } = parseInput(updateConnectorSchema, changes);
  const secrets = await sealSecrets(keyring, { userId, connectorId }, { oauthClientSecret, env });
  const [connector] = await mapConstraints(
    db
      .update(connectors)
      .set({ ...fields, ...secrets })
      .where(ownConnector({ userId, connectorId }))
      .returning(summaryColumns),
    {
      connectors_type_check: () =>
        new InvalidInputError('A remote connector needs a baseUrl, a local one a command.'),
    },
  );
  if (!connector) throw noSuchConnector();
  return connector;
}

/** Gets a user's connector, its secrets masked. */
export async function getConnector(
  db: Db,
  connector: ConnectorRef,
): Promise<ConnectorSummary | undefined> {
  const [found] = await db
    .select(summaryColumns)
    .from(connectors)
    .where(ownConnector(connector))
    .limit(1);
  return found;
}

/**
 * Decrypts a connector's secrets, to start or call it.
 *
 * @throws NotFoundError also for another user's connector
 * @throws SealingError when a stored value was moved, is damaged, or its key is gone
 */
export async function requireConnectorSecrets(
  db: Db,
  { userId, connectorId, keyring }: ConnectorRef & { readonly keyring: Keyring },
): Promise<{ oauthClientSecret: string | null; env: ConnectorEnv }> {
  const [sealed] = await db
    .select({ oauthClientSecret: connectors.oauthClientSecret, env: connectors.env })
    .from(connectors)
    .where(ownConnector({ userId, connectorId }))
    .limit(1);
  if (!sealed) throw noSuchConnector();
  const open = (column: SecretColumn, value: string | null) =>
    value === null ? null : keyring.open(value, place(column, { userId, connectorId }));
  const env = await open('env', sealed.env);
  return {
    oauthClientSecret: await open('oauth_client_secret', sealed.oauthClientSecret),
    env: env === null ? {} : parseInput(connectorEnvSchema, JSON.parse(env)),
  };
}

const order = keyset([{ column: connectors.name }, { column: connectors.id }]);

/** Lists a user's connectors by name, secrets masked. It decrypts none. */
export async function listConnectors(
  db: Db,
  { userId, ...request }: PageRequest & { readonly userId: string },
): Promise<KeysetPage<ConnectorSummary>> {
  return listPage(order, request, (seek) =>
    db
      .select({ ...summaryColumns, ...seek.select })
      .from(connectors)
      .where(and(eq(connectors.userId, userId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/**
 * Deletes a connector, and removes it from the user's tasks.
 * @throws NotFoundError also for another user's connector
 */
export async function deleteConnector(db: Db, connector: ConnectorRef): Promise<void> {
  const { userId, connectorId } = connector;
  await transaction(db, async (tx) => {
    const deleted = await tx
      .delete(connectors)
      .where(ownConnector(connector))
      .returning({ id: connectors.id });
    if (deleted.length === 0) throw noSuchConnector();
    await tx
      .update(tasks)
      .set({ mcpServerIds: sql`array_remove(${tasks.mcpServerIds}, ${connectorId})` })
      .where(and(eq(tasks.userId, userId), sql`${connectorId} = any(${tasks.mcpServerIds})`));
  });
}

type SecretColumn = 'oauth_client_secret' | 'env';

const place = (column: SecretColumn, { userId, connectorId }: ConnectorRef) =>
  sealedPlace({ table: 'connectors', column, rowId: connectorId, userId });

/** The columns of the given secrets: `undefined` leaves one unchanged, `null` clears it. */
async function sealSecrets(
  keyring: Keyring,
  connector: ConnectorRef,
  {
    oauthClientSecret,
    env,
  }: { oauthClientSecret?: string | null | undefined; env?: ConnectorEnv | null | undefined },
) {
  const seal = (column: SecretColumn, value: string | null) =>
    value === null ? null : keyring.seal(value, place(column, connector));
  return {
    ...(oauthClientSecret !== undefined && {
      oauthClientSecret: await seal('oauth_client_secret', oauthClientSecret),
      oauthClientSecretHint: oauthClientSecret && maskSecret(oauthClientSecret),
    }),
    ...(env !== undefined && {
      env: await seal('env', env && JSON.stringify(env)),
      envNames: Object.keys(env ?? {}).sort(),
    }),
  };
}

const noSuchConnector = () => new NotFoundError('There is no such connector.');
