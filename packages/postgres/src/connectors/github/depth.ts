/** The deepest nesting of a document; GitHub's reach 12. Deeper ones would exhaust the stack. */
export const deepest = 200;

/** True if a JSON value is nested deeper than `deepest`. It walks without recursion. */
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
