/** The row of a statement that always gives one, such as an insert without a condition. */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined || rows.length > 1) {
    throw new Error(`Expected one row, got ${rows.length}.`);
  }
  return row;
}
