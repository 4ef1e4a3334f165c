import { randomUUID } from 'node:crypto';
import {
  ConflictError,
  type Keyring,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  parseInput,
  transaction,
} from '@reference/kit';
import { and, eq, sql } from 'drizzle-orm';
import {
  type ConnectorConfigDataSelect,
  connectorConfigInsertSchema,
  connectorConfigs,
  providers,
} from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';
import type { OwnConnection } from './own-connection.ts';
import type { Page, PageParams } from './page.ts';

/** A connection without its sealed config. */
export type Connection = Omit<ConnectorConfigDataSelect, 'encryptedConfig'> & {
  readonly providerSlug: string;
};

/** A connection's settings, as the provider's `configSchema` describes them: a workspace, an API key, a base URL. */
export type ConnectionConfig = Record<string, unknown>;

const columns = {
  id: connectorConfigs.id,
  userId: connectorConfigs.userId,
  providerId: connectorConfigs.providerId,
  providerSlug: providers.slug,
  name: connectorConfigs.name,
  isEnabled: connectorConfigs.isEnabled,
  status: connectorConfigs.status,
  createdAt: connectorConfigs.createdAt,
  updatedAt: connectorConfigs.updatedAt,
};

const newestFirst = keyset([
  { column: connectorConfigs.createdAt, direction: 'desc' },
  { column: connectorConfigs.id, direction: 'desc' },
]);

const place = (connectorConfigId: string) => ({
  table: 'connector_configs',
  column: 'encrypted_config',
  rowId: connectorConfigId,
});

const newConnection = connectorConfigInsertSchema.pick({ userId: true, name: true });

/**
 * Connects a person to a provider. The connection is `pending` until its tokens are saved.
 *
 * @param params.config sealed before it is stored
 * @returns the new connection's id
 * @throws InvalidInputError naming each wrong field
 * @throws NotFoundError when the provider does not exist or is disabled
 * @throws ConflictError when this person has a connection of that name to that provider
 */
export async function createConnection(
  db: PostgresDatabase,
  params: {
    readonly keyring: Keyring;
    readonly userId: string;
    readonly providerSlug: string;
    readonly name: string;
    readonly config: ConnectionConfig;
  },
): Promise<string> {
  const { userId, name } = parseInput(newConnection, params);
  const id = randomUUID();
  const sealed = await params.keyring.seal(JSON.stringify(params.config), place(id));
  const rows = await mapConstraints(
    () =>
      db.execute<{ id: string }>(sql`
        insert into ${connectorConfigs} (id, user_id, provider_id, name, encrypted_config)
        select ${id}, ${userId}, ${providers.id}, ${name}, ${sealed}
        from ${providers} where ${providers.slug} = ${params.providerSlug} and ${providers.isEnabled}
        returning id`),
    {
      connector_configs_user_id_provider_id_name_key: () =>
        new ConflictError(
          `You already have a connection of that name to ${params.providerSlug}. Choose another name.`,
        ),
    },
  );
  if (rows.length === 0) {
    throw new NotFoundError(`There is no enabled provider "${params.providerSlug}".`);
  }
  return id;
}

/** Lists a person's connections, newest first, without secrets. */
export async function getConnections(
  db: PostgresDatabase,
  params: PageParams & { readonly userId: string },
): Promise<Page<Connection>> {
  const { items, nextCursor } = await listPage(
    newestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({ ...columns, ...seek.select })
        .from(connectorConfigs)
        .innerJoin(providers, eq(providers.id, connectorConfigs.providerId))
        .where(and(eq(connectorConfigs.userId, params.userId), seek.where))
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/** Gets one of a person's connections; undefined when it is not theirs. */
export async function getConnection(
  db: PostgresDatabase,
  { userId, connectorConfigId }: OwnConnection,
): Promise<Connection | undefined> {
  const [row] = await db
    .select(columns)
    .from(connectorConfigs)
    .innerJoin(providers, eq(providers.id, connectorConfigs.providerId))
    .where(own(userId, connectorConfigId))
    .limit(1);
  return row;
}

/**
 * Opens the config of a person's connection.
 *
 * @throws NotFoundError when it is not theirs
 * @throws SealingError when no key of the ring opens it
 */
export async function requireConnectionConfig(
  db: PostgresDatabase,
  { keyring, userId, connectorConfigId }: OwnConnection & { readonly keyring: Keyring },
): Promise<ConnectionConfig> {
  const [row] = await db
    .select({ encryptedConfig: connectorConfigs.encryptedConfig })
    .from(connectorConfigs)
    .where(own(userId, connectorConfigId))
    .limit(1);
  if (!row) throw missing(connectorConfigId);
  return JSON.parse(await keyring.open(row.encryptedConfig, place(connectorConfigId)));
}

/**
 * Replaces the config of a person's connection.
 * @throws NotFoundError when it is not theirs
 */
export async function updateConnectionConfig(
  db: PostgresDatabase,
  params: OwnConnection & { readonly keyring: Keyring; readonly config: ConnectionConfig },
): Promise<void> {
  const { connectorConfigId, keyring, config } = params;
  const encryptedConfig = await keyring.seal(JSON.stringify(config), place(connectorConfigId));
  const rows = await db
    .update(connectorConfigs)
    .set({ encryptedConfig })
    .where(own(params.userId, connectorConfigId))
    .returning({ id: connectorConfigs.id });
  if (rows.length === 0) throw missing(connectorConfigId);
}

/**
 * Disconnects: deletes the connection and, by cascade, its tokens, sync states and every row that
 * was fetched through it.
 *
 * @throws NotFoundError when it is not this person's
 */
export async function disconnect(
  db: PostgresDatabase,
  { userId, connectorConfigId }: OwnConnection,
): Promise<void> {
  // Rows of the connection may be written meanwhile, so a deadlock runs it again.
  await transaction(db, async (tx) => {
    const rows = await tx
      .delete(connectorConfigs)
      .where(own(userId, connectorConfigId))
      .returning({ id: connectorConfigs.id });
    if (rows.length === 0) throw missing(connectorConfigId);
  });
}

const own = (userId: string, connectorConfigId: string) =>
  and(eq(connectorConfigs.userId, userId), eq(connectorConfigs.id, connectorConfigId));

const missing = (id: string) => new NotFoundError(`You have no connection ${id}.`);
