/**
 * Vacuums and analyzes freshly filled tables, so that their plans are those of a running database:
 * an index-only scan needs pages that are marked all-visible.
 *
 * With asynchronous commits, VACUUM marks no page of a transaction whose record may be unflushed.
 * PostgreSQL tracks that for groups of 32 transactions, and each analyzed table is one more, so
 * small tables would stay unmarked. (`SetHintBits` in heapam_visibility.c,
 * `CLOG_XACTS_PER_LSN_GROUP` in clog.c.)
 *
 * @param run sends a statement, each on the same session; its commits are synchronous from then on
 */
export const vacuumFilled = async (run: (statement: string) => PromiseLike<unknown>) => {
  await run('set synchronous_commit = on');
  await run('checkpoint');
  await run('vacuum analyze');
};
