import type { Plans } from './hot-query.ts';

/** The server keeps a generic plan from the sixth call of a prepared statement on. */
const WARM_UP = 6;

/**
 * Times the hot queries one after the other, directly through the driver.
 *
 * @param key the result of `plans.prepare` for this database
 * @param calls how many calls of each are timed
 * @returns by query, the median in milliseconds; without queries that cannot be called so often
 */
export const timeCalls = async (
  plans: Plans,
  url: string,
  key: unknown,
  calls: number,
): Promise<ReadonlyMap<string, number>> => {
  const medians = new Map<string, number>();
  const opened = await plans.open(url);
  try {
    for (const [place, query] of plans.names.entries()) {
      const times: number[] = [];
      try {
        for (let call = 0; call < WARM_UP + calls; call++) {
          const started = performance.now();
          await opened.run(place, key);
          if (call >= WARM_UP) times.push(performance.now() - started);
        }
      } catch {
        // The plan run has reported a query that fails; one that fails only here has used up its
        // rows.
        continue;
      }
      const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
      if (median !== undefined) medians.set(query, median);
    }
  } finally {
    await opened.close();
  }
  return medians;
};
