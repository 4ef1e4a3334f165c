/**
 * Errors that a worker of a Citus cluster raised arrive without the fields that name constraint and
 * table; the names stand in the message alone, with the shard's number behind them. PostgreSQL itself
 * always sends the fields, so a message is read only where they are missing.
 */

interface NamedObjects {
  readonly constraint: string | undefined;
  readonly table: string | undefined;
}

interface ServerMessage {
  readonly code: string;
  readonly message: string;
  readonly constraint_name?: string | undefined;
  readonly table_name?: string | undefined;
}

/** A shard's constraints and tables are called `name_102008`; its checks keep their name. */
const withoutShard = (name: string | undefined) => name?.replace(/_\d+$/, '');

/** The constraint and table of a violation (class 23), by field or, for a worker's, by message. */
export function objectsOf(error: ServerMessage): NamedObjects {
  const { code, message, constraint_name: constraint, table_name: table } = error;
  if (constraint !== undefined || !code.startsWith('23')) return { constraint, table };
  const said = /violates (?:unique|foreign key|check|exclusion) constraint "([^"]+)"/.exec(
    message,
  )?.[1];
  return {
    constraint: code === '23514' ? said : withoutShard(said),
    table:
      table ?? withoutShard(/(?:on table|for relation|of relation) "([^"]+)"/.exec(message)?.[1]),
  };
}

/** How libpq says that a connection is gone: between the nodes of a cluster it carries no SQLSTATE. */
const lostConnection =
  /server closed the connection|connection not open|no connection to the server|could not (?:receive data from|send data to) server|SSL connection has been closed|SSL SYSCALL error|connection to the remote node/i;

/** Whether an internal error (XX000) is a node that was lost in the middle of a statement. */
export const isLostNode = ({ code, message }: ServerMessage): boolean =>
  code === 'XX000' && lostConnection.test(message);
