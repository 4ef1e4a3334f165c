import { processWide } from './process-wide.ts';
import type { Asked } from './statements.ts';

/** What the last page that a session looked at took: statements, and milliseconds until it was out. */
export interface RequestCost {
  readonly statements: number;
  readonly ms: number;
}

const most = 1000;
const costs = processWide('reference-demo-requests', () => new Map<string, RequestCost>());

/** Remembers what a request took, for the status line of whoever made it. */
export function noteRequest(sessionId: string, { statements, startedAt }: Asked): void {
  costs.delete(sessionId);
  costs.set(sessionId, { statements, ms: Math.round(performance.now() - startedAt) });
  const [oldest] = costs.keys();
  if (costs.size > most && oldest !== undefined) costs.delete(oldest);
}

/** @returns undefined before the session's first page */
export const lastRequest = (sessionId: string) => costs.get(sessionId);
