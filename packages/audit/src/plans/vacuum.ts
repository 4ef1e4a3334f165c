/**
 * Vacuums and analyzes what has just been filled, so that its plans are those of a database that has
 * rested: an index-only scan is planned for pages that are marked all-visible.
 *
 * Where commits are asynchronous, VACUUM marks no page of a transaction whose record may be unflushed.
 * PostgreSQL notes that once for 32 transactions, and each table that is analyzed is one more of them, so
 * small tables would stay unmarked. (`SetHintBits` in heapam_visibility.c, `CLOG_XACTS_PER_LSN_GROUP` in clog.c.)
 *
 * @param run sends a statement, each on the same session; its commits are synchronous from then on
 */
export const vacuumFilled = async (run: (statement: string) => PromiseLike<unknown>) => {
  await run('set synchronous_commit = on');
  await run('checkpoint');
  await run('vacuum analyze');
};
