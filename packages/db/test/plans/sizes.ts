/** How many rows the tables of a plan world get. */
export interface Sizes {
  /** So many as a number of rows in a world of 40,000 pages comes to in this one. */
  readonly of: (rows: number) => number;
  readonly users: number;
  /** Drives of the first user. */
  readonly ownDrives: number;
}

/** The sizes of a world of so many pages. */
export const sizesOf = (pages: number): Sizes => {
  const of = (rows: number) => Math.ceil((rows * pages) / 40_000);
  const users = Math.max(12, of(500));
  return { of, users, ownDrives: Math.ceil(of(10_000) / users) };
};
