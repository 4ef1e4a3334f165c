import type { Database, Transaction } from '@reference/kit';
import type * as schema from './schema/index.ts';

type Schema = typeof schema;

/** What every query function takes first: a client's handle, or an open transaction. */
export type Db = Database<Schema>;

/** What a function takes whose statements must commit together with its caller's. */
export type Tx = Transaction<Schema>;
