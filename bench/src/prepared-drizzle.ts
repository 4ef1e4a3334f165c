import type { Placeholder } from 'drizzle-orm';

/** A query's inputs: values for one call, or placeholders for a prepared statement. */
export type Filled<N extends string> = Readonly<Record<N, string | Placeholder>>;

interface Prepared<R> {
  execute(values: Record<string, unknown>): Promise<R[]>;
}

/** Runs a prepared statement with a sample's values. */
export const rowsBy =
  <R>(prepared: Prepared<R>, constants: Record<string, unknown> = {}) =>
  (params: object): Promise<R[]> =>
    prepared.execute({ ...constants, ...params });

/** The same, for its first row. */
export const firstOf =
  <R>(prepared: Prepared<R>) =>
  async (params: object): Promise<R | undefined> =>
    (await rowsBy(prepared)(params))[0];
