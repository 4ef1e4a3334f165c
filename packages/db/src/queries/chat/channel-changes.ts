import type { Client } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import type * as schema from '../../schema/index.ts';

const notifyChannel = 'pagespace_channels';

/**
 * The call that tells every listener of a change in a channel, once the transaction has committed.
 * It names the page and nothing more: a listener reads with its own rights. Commits that notify wait
 * for one another; a server that writes thousands of messages a second announces them otherwise.
 */
export const announceChange = (pageId: string): SQL => sql`pg_notify(${notifyChannel}, ${pageId})`;

/**
 * Listens for changes in channels: messages, edits, deletions and reactions. It holds a connection
 * of its own, which comes back by itself when the server was gone. Not through a pooler in
 * transaction mode, nor on an embedded database, where nothing is ever heard.
 *
 * @param client what `createDb` gave; closing it ends listening too
 * @param heard.onChange gets the id of the channel's page, for whoever may see that
 * @param heard.onConnected called when listening begins, and again after the connection was lost:
 *   what happened in between was not heard, so read the channels again
 * @returns a function that stops listening
 */
export async function listenToChannels(
  client: Pick<Client<typeof schema>, 'sql'>,
  heard: { onChange: (pageId: string) => void; onConnected?: () => void },
): Promise<() => Promise<void>> {
  const { unlisten } = await client.sql.listen(notifyChannel, heard.onChange, heard.onConnected);
  return unlisten;
}
