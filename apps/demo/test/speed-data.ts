import { createPostgresClient } from '@ait/postgres';
import { seedSamples } from '@ait/postgres/seed';
import {
  channelMessages,
  createDb,
  drives,
  notifications,
  type PageType,
  pages,
} from '@pagespace/db';
import { driveId, seedWorkspace, userId } from '@pagespace/db/seed';
import { insertChunked, keyringFromEnv } from '@reference/kit';
import { createTasksClient, tasks } from '@reference/tasks';
import { keepKeys } from '../src/start/data-folder.ts';
import { openDatabases } from '../src/start/databases.ts';
import { fillAll, migrateAll } from '../src/start/prepare.ts';
import { productPageId } from './addresses.ts';

/** The pages of the drive that is scrolled through. */
export const treePages = 5000;
export const treeDriveId = 'speed-drive';

const connectorRows = 1000;
const listRows = 5000;

const unhurried = { max: 1, statementTimeoutMs: 0, deadlineMs: 0 } as const;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const after = (seconds: number) => new Date(Date.UTC(2026, 1, 1) + seconds * 1000);

/**
 * A demo's data with the workspace's medium seed, all of it within Ada's reach, and long lists of
 * hers in the others.
 */
export async function fillForSpeed(folder: string): Promise<void> {
  const databases = await openDatabases({ folder, reset: false, allowRemote: false });
  try {
    const encryptionKeys = await keepKeys(folder);
    const onStep = () => {};
    await migrateAll(databases.urls, { onStep });
    await fillAll(databases.urls, { encryptionKeys, onStep });
    await fillWorkspace(databases.urls.pagespace);
    await fillConnectors(databases.urls.ait, encryptionKeys);
    await fillTasks(databases.urls.tasks);
  } finally {
    await databases.close();
  }
}

async function fillWorkspace(url: string): Promise<void> {
  const client = createDb({ url, ...unhurried });
  const ada = userId('ada');
  try {
    await seedWorkspace(client, { size: 'medium' });
    const { db, sql } = client;
    await sql`
      insert into drive_members (id, "driveId", "userId", role)
      select 'speed-' || id, id, ${ada}, 'ADMIN' from drives where "ownerId" <> ${ada}
      on conflict do nothing`;
    const owner = { id: treeDriveId, name: 'Five thousand pages', slug: 'speed', ownerId: ada };
    await db.insert(drives).values(owner);
    const type: PageType = 'DOCUMENT';
    await insertChunked(
      db,
      pages,
      numbers(treePages).map((n) => ({
        driveId: treeDriveId,
        title: `Page ${n}`,
        type,
        position: n,
      })),
    );
    await insertChunked(
      db,
      channelMessages,
      numbers(listRows).map((n) => ({
        pageId: productPageId('general'),
        userId: userId(n % 3 === 0 ? 'ada' : 'ben'),
        content: `Message ${n}`,
        createdAt: after(n),
      })),
    );
    await insertChunked(
      db,
      notifications,
      numbers(listRows).map((n) => ({
        userId: ada,
        type: 'MENTION' as const,
        title: `Somebody wrote of you, ${n}`,
        message: 'In the channel general',
        driveId: driveId('product'),
        createdAt: after(n),
      })),
    );
    await sql`analyze`;
  } finally {
    await client.close();
  }
}

async function fillConnectors(url: string, encryptionKeys: string): Promise<void> {
  const client = createPostgresClient({ url, ...unhurried });
  try {
    const keyring = keyringFromEnv(encryptionKeys);
    await seedSamples(client.db, { keyring, userId: userId('ada'), rows: connectorRows });
  } finally {
    await client.close();
  }
}

async function fillTasks(url: string): Promise<void> {
  const client = createTasksClient({ url, ...unhurried });
  try {
    await insertChunked(
      client.db,
      tasks,
      numbers(listRows).map((n) => ({
        userId: 'seed-ada',
        prompt: `Look into item ${n} of the list.`,
        title: `Item ${n}`,
        createdAt: after(n),
      })),
    );
    await client.sql.unsafe('analyze');
  } finally {
    await client.close();
  }
}
