import { createClient } from '@reference/kit';

/** Counts what is in each database for its planner: plans of a fresh seed would be guesses. */
export async function analyze(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const { sql, close } = createClient({ url, max: 1 }, { schema: {} });
    try {
      await sql.unsafe('analyze');
    } finally {
      await close();
    }
  }
}
