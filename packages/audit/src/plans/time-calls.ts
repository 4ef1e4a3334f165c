import type { Plans } from './hot-query.ts';

/** The server keeps a plan for any values from the sixth call of a prepared statement on. */
const WARM_UP = 6;

/**
 * How long the hot queries take one after the other, with nothing but the driver in between.
 *
 * @param key what `plans.prepare` gave for this database
 * @param calls how many calls of each are timed
 * @returns by query, the median in milliseconds; a query that cannot be called so often is left out
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
        // The run that looks at its plan has told of a query that fails; here it has used up its rows.
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
