import type { Database, Transaction } from '@reference/kit';
import type * as schema from '../schemas/index.ts';

/** The first parameter of every query: a client's handle or an open transaction. */
export type PostgresDatabase = Database<typeof schema>;
/** For functions whose writes must commit together with the caller's. */
export type PostgresTransaction = Transaction<typeof schema>;
