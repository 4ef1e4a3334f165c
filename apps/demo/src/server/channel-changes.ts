import { EventEmitter } from 'node:events';
import { listenToChannels } from '@pagespace/db';
import { pagespaceClient } from './databases.ts';
import { processWide } from './process-wide.ts';

interface Hub {
  readonly changes: EventEmitter;
  listening?: Promise<unknown>;
}

// One connection that listens, for all who look at channels through this process.
const hub: Hub = processWide('reference-demo-channels', () => ({
  changes: new EventEmitter().setMaxListeners(0),
}));

/**
 * Calls back whenever something changed in a channel, and after the connection was lost: then
 * something may have.
 *
 * @returns what ends it
 */
export async function onChannelChange(pageId: string, changed: () => void): Promise<() => void> {
  hub.listening ??= listenToChannels(pagespaceClient(), {
    onChange: (page) => hub.changes.emit(page),
    onConnected: () => {
      for (const page of hub.changes.eventNames()) hub.changes.emit(page);
    },
  }).catch((error: unknown) => {
    delete hub.listening;
    throw error;
  });
  await hub.listening;
  hub.changes.on(pageId, changed);
  return () => hub.changes.off(pageId, changed);
}
