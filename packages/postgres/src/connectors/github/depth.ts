/** How deep a document may be nested; GitHub's go to 12. Beyond, walking and storing it would exhaust the stack. */
export const deepest = 200;

/** Whether a JSON value is nested deeper than `deepest`. Walks without recursion. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}
