import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Db } from '../src/database.ts';
import * as schema from '../src/schema/index.ts';

/** A statement as it was sent. */
export interface Statement {
  readonly query: string;
  readonly params: unknown[];
}

/** A handle of its own that keeps every statement sent through it. Close it in the test. */
export function openRecording(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const statements: Statement[] = [];
  const logger = {
    logQuery: (query: string, params: unknown[]) => void statements.push({ query, params }),
  };
  const db: Db = drizzle(sql, { schema, logger });
  return {
    db,
    sql,
    /** What `work` sends. */
    async record(work: () => Promise<unknown>): Promise<Statement[]> {
      statements.length = 0;
      await work();
      return statements.splice(0);
    },
    close: () => sql.end({ timeout: 5 }),
  };
}
