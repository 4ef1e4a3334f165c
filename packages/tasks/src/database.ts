import type { Database, Transaction } from '@reference/kit';
import type * as schema from './schema/index.ts';

type Schema = typeof schema;

/** The first parameter of every query function: a client's handle, or an open transaction. */
export type Db = Database<Schema>;

/** The first parameter of a function whose statements must commit together with its caller's. */
export type Tx = Transaction<Schema>;
