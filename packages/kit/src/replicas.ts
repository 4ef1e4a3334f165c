import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { InvalidInputError, UnavailableError } from './errors.ts';

/** A place in the primary's write-ahead log, such as `0/16B3748`. */
export type WalPosition = string;

const position = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i;

type AnySchema = Record<string, unknown>;

/**
 * The current position of the primary's log. Read it after a write has committed and keep it with
 * the user's session: `readFrom` with it sees that write.
 *
 * @param db a client's handle, with or without replicas
 */
export async function walPosition<S extends AnySchema>(db: Database<S>): Promise<WalPosition> {
  const rows: { lsn?: unknown }[] = await db.execute(
    sql`select pg_current_wal_insert_lsn()::text as lsn`,
  );
  return requirePosition(rows[0]?.lsn);
}

/**
 * The handle for a user's reads: a replica that has replayed what this user wrote, else the primary.
 *
 * @param db a client's handle, made with `replicas`; without them it is given back
 * @param options.after from `walPosition`, after the user's last write; without it, any replica
 * @throws InvalidInputError when `after` is no position
 */
export async function readFrom<S extends AnySchema>(
  db: Database<S>,
  { after }: { after?: WalPosition | undefined } = {},
): Promise<Database<S>> {
  if (!hasReplicas(db)) return db;
  return (await pickReplica(db.$replicas, after)) ?? db.$primary;
}

/**
 * One of these replicas that has replayed a position; undefined when all are behind or don't answer.
 *
 * @throws InvalidInputError when `after` is no position
 */
export async function pickReplica<S extends AnySchema>(
  replicas: readonly Database<S>[],
  after?: WalPosition | undefined,
): Promise<Database<S> | undefined> {
  const first = Math.floor(Math.random() * replicas.length);
  const inTurn = [...replicas.slice(first), ...replicas.slice(0, first)];
  if (after === undefined) return inTurn[0];
  const wanted = requirePosition(after);
  for (const replica of inTurn) {
    if (await hasReplayed(replica, wanted)) return replica;
  }
  return undefined;
}

async function hasReplayed<S extends AnySchema>(replica: Database<S>, wanted: WalPosition) {
  try {
    const rows: { replayed?: unknown }[] = await replica.execute(
      sql`select pg_last_wal_replay_lsn() >= ${wanted}::pg_lsn as replayed`,
    );
    return rows[0]?.replayed === true;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}

function requirePosition(value: unknown): WalPosition {
  if (typeof value === 'string' && position.test(value)) return value;
  throw new InvalidInputError(
    'A position in the log looks like 0/16B3748. Pass the text that walPosition gave, unchanged.',
  );
}

type Replicated<S extends AnySchema> = Database<S> & {
  readonly $primary: Database<S>;
  readonly $replicas: readonly Database<S>[];
};

const hasReplicas = <S extends AnySchema>(db: Database<S>): db is Replicated<S> =>
  '$replicas' in db && '$primary' in db;
