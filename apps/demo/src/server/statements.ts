import { cache } from 'react';

/** What one request asked of the databases so far. */
export interface Asked {
  statements: number;
  readonly startedAt: number;
}

/** The counter of the request that is being rendered. */
export const asked = cache((): Asked => ({ statements: 0, startedAt: performance.now() }));

/** `onStatement` of every client: the driver calls it in the context of whoever asked. */
export function countStatement(): void {
  asked().statements += 1;
}
