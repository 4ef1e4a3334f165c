import type { Database } from './database.ts';
import type { PageRequest } from './input.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import { listPage } from './list-page.ts';
import { type DeadEvent, deadEvents } from './tables/dead-events.ts';

type Schema = Record<string, unknown>;

const summary = {
  id: deadEvents.id,
  key: deadEvents.key,
  topic: deadEvents.topic,
  attempts: deadEvents.attempts,
  lastError: deadEvents.lastError,
  createdAt: deadEvents.createdAt,
};
const latestFirst = keyset([
  { column: deadEvents.createdAt, direction: 'desc' },
  { column: deadEvents.id, direction: 'desc' },
]);

/** Events that could not be delivered, latest first, without their payload. */
export async function listDeadEvents<S extends Schema>(
  db: Database<S>,
  params: PageRequest = {},
): Promise<KeysetPage<Pick<DeadEvent, keyof typeof summary>>> {
  return listPage(latestFirst, params, (seek) =>
    db
      .select({ ...summary, ...seek.select })
      .from(deadEvents)
      .where(seek.where)
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}
