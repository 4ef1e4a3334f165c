/** The paging parameters of every list. */
export interface PageParams {
  /** The `nextCursor` of the page before; absent for the first. */
  readonly cursor?: string | null | undefined;
  /** The most rows, 1 to 200; default 50. */
  readonly limit?: number | undefined;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  /** Opaque; pass it as `cursor`. Null on the last page. */
  readonly nextCursor: string | null;
}
