import { type Client, type ClientConfig, createClient, requireUrl } from '@reference/kit';
import type { Db } from './database.ts';
import * as schema from './schema/index.ts';

/**
 * Opens a pool on a workspace database; it connects on first use.
 *
 * @throws InvalidInputError when the config is wrong
 */
export function createDb(config: ClientConfig): Client<typeof schema> {
  return createClient({ applicationName: 'pagespace', ...config }, { schema });
}

let shared: Client<typeof schema> | undefined;

/**
 * The process's own handle on the database that `DATABASE_URL` names. Importing it opens nothing
 * and reads no environment; the first query opens the pool. Programs with several databases, and
 * tests, call `createDb` instead.
 *
 * @throws InvalidInputError on first use, when DATABASE_URL is missing or malformed
 */
export const db: Db = new Proxy<Db>(Object.create(null), {
  get: (_, key) => Reflect.get(open().db, key),
  getPrototypeOf: () => Reflect.getPrototypeOf(open().db),
  has: (_, key) => Reflect.has(open().db, key),
});

/** Closes what `db` opened, if it opened anything; a later use opens it again. */
export async function closeDb(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await closing?.close();
}

function open(): Client<typeof schema> {
  shared ??= createDb({ url: requireUrl(process.env, 'DATABASE_URL') });
  return shared;
}
