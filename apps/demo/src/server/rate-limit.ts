import { processWide } from './process-wide.ts';

const windowMs = 15 * 60_000;
const mostKeys = 10_000;
const attempts = processWide('reference-demo-attempts', () => new Map<string, number[]>());

/**
 * Counts an attempt against a key, and says whether there were too many in a quarter of an hour.
 * Kept in this process: several would need a table.
 *
 * @returns seconds to wait, or 0
 */
export function secondsToWait(key: string, most: number, now = Date.now()): number {
  const recent = (attempts.get(key) ?? []).filter((at) => at > now - windowMs);
  const [first] = recent;
  if (recent.length >= most && first !== undefined) {
    return Math.ceil((first + windowMs - now) / 1000);
  }
  attempts.delete(key);
  attempts.set(key, [...recent, now]);
  const [oldest] = attempts.keys();
  if (attempts.size > mostKeys && oldest !== undefined) attempts.delete(oldest);
  return 0;
}

/** Forgets a key's attempts: one of them succeeded. */
export const forgetAttempts = (key: string) => attempts.delete(key);
