/** Beyond this, the next whole number is not a `real` of its own. */
const largestExact = 2 ** 24;

/**
 * A position strictly between two neighbours, as PostgreSQL's `real` (a 32-bit float) can hold it.
 *
 * @param before the neighbour above; null at the beginning
 * @param after the neighbour below; null at the end
 * @returns null when no `real` lies between: the siblings must be renumbered first
 */
export function positionBetween(before: number | null, after: number | null): number | null {
  const low = before === null ? null : Math.fround(before);
  const high = after === null ? null : Math.fround(after);
  const middle = Math.fround(candidate(low, high));
  if (Math.abs(middle) > largestExact) return null;
  if (low !== null && middle <= low) return null;
  if (high !== null && middle >= high) return null;
  return middle;
}

function candidate(low: number | null, high: number | null): number {
  if (low === null) return high === null ? 1 : high - 1;
  return high === null ? low + 1 : (low + high) / 2;
}
