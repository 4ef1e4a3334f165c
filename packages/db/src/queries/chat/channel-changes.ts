import type { Client } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import type * as schema from '../../schema/index.ts';

const notifyChannel = 'pagespace_channels';

/**
 * The call that notifies every listener of a change in a channel, once the transaction commits. It
 * names only the page, because a listener reads with its own rights. Commits that notify wait for
 * one another, so it does not suit thousands of messages a second.
 */
export const announceChange = (pageId: string): SQL => sql`pg_notify(${notifyChannel}, ${pageId})`;

/**
 * Listens for changes in channels: messages, edits, deletions and reactions. It holds a connection
 * of its own and reconnects after an outage. A pooler in transaction mode and PGlite deliver no
 * notification.
 *
 * @param client a client of `createDb`; closing it ends listening too
 * @param heard.onChange gets the id of the channel's page; forward it only to people who may see
 *   that page
 * @param heard.onConnected called when listening begins, and again after a reconnection; read the
 *   channels again, because changes in between were missed
 * @returns a function that stops listening
 */
export async function listenToChannels(
  client: Pick<Client<typeof schema>, 'sql'>,
  heard: { onChange: (pageId: string) => void; onConnected?: () => void },
): Promise<() => Promise<void>> {
  const { unlisten } = await client.sql.listen(notifyChannel, heard.onChange, heard.onConnected);
  return unlisten;
}
