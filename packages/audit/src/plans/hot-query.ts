/** The limits of a query; an omitted one is not checked, or has a default. */
export interface Limits {
  /** Nodes that no plan may have, alone or with a table: `Sort`, `Seq Scan on pages`. */
  readonly forbidden?: readonly string[];
  /** The most statements that one call may send; more would be a query for each row. */
  readonly statements?: number;
  /** The most rows that filters may remove for each row that a plan gives; default 50. */
  readonly removed?: number;
  /** How many times the pages read may grow when the rows grow tenfold; default 4. */
  readonly growth?: number;
}

/** A query whose plans are held to its indexes. */
export interface HotQuery<Handle, Sample> extends Limits {
  readonly name: string;
  readonly run: (handle: Handle, sample: Sample) => Promise<unknown>;
}

interface Opened<Handle> {
  readonly handle: Handle;
  close(): Promise<unknown>;
}

/** The environment of a project's hot queries: `plans` in its audit.config. */
export interface PlansOf<Handle, Sample> {
  readonly queries: readonly HotQuery<Handle, Sample>[];
  /** Migrates an empty database. */
  readonly migrate: (url: string) => Promise<unknown>;
  /** Fills it, with statements that make many rows each; a scale is the rows of its main table. */
  readonly seed: (url: string, scale: number) => Promise<Sample>;
  readonly open: (url: string) => Opened<Handle> | Promise<Opened<Handle>>;
  /** From small to large; default 1,000 and 10,000. Growth is measured from one to the next. */
  readonly scales?: readonly number[];
  /**
   * The scale from which on its tables are large. Below it a scan or a sort may be the best plan,
   * so only statements and growth are judged.
   */
  readonly largeFrom?: number;
}

/** The same without its types, for a run. */
export interface Plans {
  readonly names: readonly string[];
  readonly scales: readonly number[];
  readonly largeFrom: number;
  prepare(url: string, scale: number): Promise<unknown>;
  open(
    url: string,
  ): Promise<{ run(place: number, sample: unknown): Promise<void>; close(): Promise<void> }>;
  limits(place: number): Limits;
}

/** Declares the hot queries of a project. */
export const definePlans = <Handle, Sample>(given: PlansOf<Handle, Sample>): Plans => {
  const samples = new Map<unknown, Sample>();
  return {
    names: given.queries.map(({ name }) => name),
    scales: given.scales ?? [1_000, 10_000],
    largeFrom: given.largeFrom ?? 0,
    prepare: async (url, scale) => {
      await given.migrate(url);
      const key = Symbol(`sample at ${scale}`);
      samples.set(key, await given.seed(url, scale));
      return key;
    },
    open: async (url) => {
      const { handle, close } = await given.open(url);
      return {
        run: async (place, key) => {
          const sample = samples.get(key);
          const query = given.queries[place];
          if (sample !== undefined && query) await query.run(handle, sample);
        },
        close: async () => {
          await close();
        },
      };
    },
    limits: (place) => given.queries[place] ?? {},
  };
};
