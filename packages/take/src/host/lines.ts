/** How many lines of a file are new or changed. */
export function changedLines(before: string, after: string): number {
  const left = new Map<string, number>();
  const key = (line: string) => line.trimEnd().replace(/,$/, '');
  for (const line of before.split('\n')) left.set(key(line), (left.get(key(line)) ?? 0) + 1);
  return after.split('\n').filter((line) => {
    const count = left.get(key(line)) ?? 0;
    left.set(key(line), count - 1);
    return count <= 0;
  }).length;
}
