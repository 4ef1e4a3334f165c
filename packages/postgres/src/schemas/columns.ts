import { snakeTimestamps } from '@reference/kit';
import {
  type AnyPgColumn,
  foreignKey,
  index,
  type PgColumn,
  primaryKey,
  text,
  varchar,
} from 'drizzle-orm/pg-core';
import { connectorConfigs } from './connector-configs.schema.ts';

/** A name, a login, a key: text that the vendor keeps short. */
export const short = (name: string) => varchar(name, { length: 255 });

/** An address. Browsers and the vendors' own forms accept 2,048 characters. */
export const url = (name: string) => varchar(name, { length: 2048 });

/** Columns of every vendor row: the connection that fetched it, and our own times. */
export const vendorColumns = {
  connectorConfigId: text('connector_config_id').notNull(),
  ...snakeTimestamps,
};

/**
 * Key, owner and sync index of a vendor table.
 * The key is the vendor's id *per connection*: two people may connect the same workspace, and
 * each must see, refresh and delete their own copy. It leads with the connection, so it also
 * serves the foreign key and the cascade of a disconnect.
 *
 * @param table the table's database name, the prefix of the constraint names
 * @param columns the table's own columns
 */
export function vendorConstraints(
  table: string,
  columns: { connectorConfigId: AnyPgColumn; id: PgColumn; updatedAt: PgColumn },
) {
  return [
    primaryKey({ name: `${table}_pkey`, columns: [columns.connectorConfigId, columns.id] }),
    foreignKey({
      name: `${table}_connector_config_id_fkey`,
      columns: [columns.connectorConfigId],
      foreignColumns: [connectorConfigs.id],
    }).onDelete('cascade'),
    // Serves get{Entity}s: the rows changed since the last read, per connection.
    index(`${table}_sync_idx`).on(columns.connectorConfigId, columns.updatedAt, columns.id),
  ];
}
