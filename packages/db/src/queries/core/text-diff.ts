// The difference of two texts by lines: the greedy algorithm of Myers, "An O(ND) Difference Algorithm
// and Its Variations" (1986), between the lines that both begin and end with.

/** Lines of the first list, from `at` on, that lines of the second replace. */
export interface LineChange {
  readonly at: number;
  readonly removed: readonly string[];
  /** Where the added lines stand in the second list. */
  readonly addedAt: number;
  readonly added: readonly string[];
}

/** Above this many differing lines, everything between the first and the last is one change. */
const mostDifferences = 1000;

/** The lines of a text, each with its line feed. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The edits that turn one list of lines into another, in order. */
export function changesOf(before: readonly string[], after: readonly string[]): LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const one = before.slice(start, before.length - tail);
  const other = after.slice(start, after.length - tail);
  const change = (at: number, end: number, addedAt: number, addedEnd: number): LineChange => ({
    at: start + at,
    removed: one.slice(at, end),
    addedAt: start + addedAt,
    added: other.slice(addedAt, addedEnd),
  });
  if (one.length === 0 && other.length === 0) return [];
  const matches = matchingLines(one, other);
  const changes: LineChange[] = [];
  let [x, y] = [0, 0];
  for (const [at, otherAt] of [...matches, [one.length, other.length] as const]) {
    if (at > x || otherAt > y) changes.push(change(x, at, y, otherAt));
    [x, y] = [at + 1, otherAt + 1];
  }
  return changes;
}

/** Pairs of positions with the same line, in order; none when the lists differ too much. */
function matchingLines(one: readonly string[], other: readonly string[]): [number, number][] {
  const reached = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= mostDifferences; edits++) {
    const before = new Map<number, number>();
    for (let k = -edits; k <= edits; k += 2) {
      const below = reached.get(k + 1) ?? -1;
      const left = reached.get(k - 1) ?? -1;
      let x = k === -edits || (k !== edits && left < below) ? below : left + 1;
      while (x < one.length && x - k < other.length && one[x] === other[x - k]) x++;
      before.set(k, x);
      if (x >= one.length && x - k >= other.length) {
        trace.push(before);
        return wayBack(trace, one.length, other.length);
      }
    }
    trace.push(before);
    for (const [k, x] of before) reached.set(k, x);
  }
  return [];
}

/** The diagonal steps of the path that reached the end, from `trace[edits]` back to the start. */
function wayBack(
  trace: readonly ReadonlyMap<number, number>[],
  length: number,
  otherLength: number,
): [number, number][] {
  const matches: [number, number][] = [];
  let [x, y] = [length, otherLength];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const previous = trace[edits - 1] ?? new Map<number, number>();
    const k = x - y;
    const [below, left] = [previous.get(k + 1) ?? -1, previous.get(k - 1) ?? -1];
    const isDown = k === -edits || (k !== edits && left < below);
    const [fromX, fromK] = isDown ? [below, k + 1] : [left, k - 1];
    const startX = isDown ? fromX : fromX + 1;
    while (x > startX) matches.push([--x, --y]);
    [x, y] = [fromX, fromX - fromK];
  }
  while (x > 0 && y > 0) matches.push([--x, --y]);
  return matches.reverse();
}
