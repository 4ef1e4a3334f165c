/** One thing that a step of the guide saw. */
export interface Fact {
  readonly what: string;
  readonly seen: string;
  /** Whether it is as it should be. */
  readonly holds: boolean;
}

/** The events a step observed, in the order in which they happened. */
export interface Observed {
  readonly facts: readonly Fact[];
  readonly ms: number;
}

export const fact = (what: string, seen: string, holds: boolean): Fact => ({ what, seen, holds });

/** Runs a step, and takes its time. */
export async function observed(look: () => Promise<readonly Fact[]>): Promise<Observed> {
  const start = performance.now();
  const facts = await look();
  return { facts, ms: Math.round(performance.now() - start) };
}
