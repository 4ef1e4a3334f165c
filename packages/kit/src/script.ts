import type { Database } from './database.ts';
import { sessionOf } from './drizzle-internals/handle.ts';

/**
 * Sends several statements as one message: one round trip, and nothing is prepared, so that a
 * statement with a value in its text (`SET LOCAL …`) leaves nothing behind on the connection.
 *
 * @param text statements joined by `;`. It takes no parameters: never put unchecked input into it
 * @returns the rows of each statement
 */
export async function runScript<S extends Record<string, unknown>>(
  db: Database<S>,
  text: string,
): Promise<readonly (readonly Record<string, unknown>[])[]> {
  const session = sessionOf(db, 'runScript()');
  return resultsOf(await session.sql.unsafe(text, [], asScript));
}

const asScript: { readonly prepare: boolean; readonly simple: boolean } = {
  prepare: false,
  simple: true,
};

/** The driver gives a list of results for several statements, and the result itself for one. */
function resultsOf(answer: unknown): Record<string, unknown>[][] {
  if (!Array.isArray(answer)) return [];
  return answer.every(Array.isArray) && answer.length > 0 ? answer : [answer];
}
