'use server';

import { createConnection, disconnect, getConnection, getRecentActivity } from '@ait/postgres';
import { NotFoundError } from '@reference/kit';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { ait, keyring } from '@/server/databases.ts';
import { importPage } from './import-page.ts';
import { isRecorded, recordedName } from './recorded.ts';
import { vendorTables } from './vendor-tables.ts';

const connection = z.object({ connectorConfigId: z.string() });

/** Connects to GitHub's recordings: they are in a package, so there is no secret to keep. */
export async function connectRecordings() {
  return act(undefined, {
    schema: z.undefined(),
    query: async (_, { userId }) =>
      createConnection(ait(), {
        keyring: keyring(),
        userId,
        providerSlug: 'github',
        name: recordedName,
        config: {},
      }),
    revalidate: '/connectors',
  });
}

/** Imports one page; the browser asks again until it is done. */
export async function importNext(input: unknown) {
  return act(input, {
    schema: connection,
    query: async ({ connectorConfigId }, { userId }) => {
      const found = await getConnection(ait(), { userId, connectorConfigId });
      if (!found || !isRecorded(found))
        throw new NotFoundError('There is no such import of yours.');
      return importPage(ait(), connectorConfigId);
    },
  });
}

export async function moreActivity(input: unknown) {
  return act(input, {
    schema: z.object({ cursor: z.string() }),
    query: ({ cursor }, { userId }) => getRecentActivity(ait(), { userId, cursor, limit: 40 }),
  });
}

export async function moreRows(input: unknown) {
  return act(input, {
    schema: connection.extend({ table: z.int().min(0), cursor: z.string() }),
    query: async ({ connectorConfigId, table, cursor }, { userId }) => {
      const found = await getConnection(ait(), { userId, connectorConfigId });
      const shown = found && vendorTables[found.providerSlug]?.[table];
      if (!shown) throw new NotFoundError('You have no such table.');
      return shown.list(ait(), { userId, connectorConfigId, cursor });
    },
  });
}

export async function removeConnection(input: unknown) {
  return act(input, {
    schema: connection,
    query: ({ connectorConfigId }, { userId }) => disconnect(ait(), { userId, connectorConfigId }),
    revalidate: '/connectors',
  });
}
