import { createPostgresClient, migrationsFolder as ofAit } from '@ait/postgres';
import { knownProviders, seedSamples } from '@ait/postgres/seed';
import { upsertProviders } from '@ait/postgres/worker';
import { createDb, migrationsFolder as ofPagespace, upsertPlan } from '@pagespace/db';
import { seedWorkspace, userId } from '@pagespace/db/seed';
import { type Keyring, keyringFromEnv } from '@reference/kit';
import { migrate } from '@reference/migrator';
import { createTasksClient, migrationsFolder as ofTasks } from '@reference/tasks';
import { seedTasks } from '@reference/tasks/seed';
import { createTenancy, migrationsFolder as ofTenancy } from '@reference/tenancy';
import { analyze } from './analyze.ts';
import type { Urls } from './databases.ts';
import { seedOrganisations } from './seed-organisations.ts';

/** No limits while preparing: a first start on a busy machine may take its time. */
const unhurried = { max: 1, statementTimeoutMs: 0, deadlineMs: 0 } as const;

/**
 * Migrates the four databases.
 *
 * @param options.onStep one line of what was done
 */
export async function migrateAll(
  urls: Urls,
  options: { readonly onStep: (text: string) => void },
): Promise<void> {
  const folders = [
    ['pagespace', urls.pagespace, ofPagespace],
    ['ait', urls.ait, ofAit],
    ['tasks', urls.tasks, ofTasks],
    ['tenancy', urls.tenancy, ofTenancy],
  ] as const;
  // Each on a database of its own, so none waits for another.
  await Promise.all(
    folders.map(async ([name, url, folder]) => {
      const { applied } = await migrate(url, { folder });
      if (applied.length > 0) options.onStep(`${name}: ${applied.length} migrations applied`);
    }),
  );
}

/**
 * Fills the four migrated databases. A second time it changes nothing.
 *
 * @param options.encryptionKeys seal what is seeded, as in ENCRYPTION_KEYS
 * @param options.onStep one line of what was done
 */
export async function fillAll(
  urls: Urls,
  options: { readonly encryptionKeys: string; readonly onStep: (text: string) => void },
): Promise<void> {
  const keyring = keyringFromEnv(options.encryptionKeys);
  const workspace = createDb({ url: urls.pagespace, ...unhurried });
  const connectors = createPostgresClient({ url: urls.ait, ...unhurried });
  const tasks = createTasksClient({ url: urls.tasks, ...unhurried });
  try {
    const [added, inserted, , organisations] = await Promise.all([
      fillWorkspace(workspace),
      fillConnectors(connectors, keyring),
      seedTasks(tasks.db, { keyring }),
      fillTenancy(urls.tenancy),
    ]);
    if (added + inserted + organisations > 0) {
      await analyze(Object.values(urls));
      options.onStep('sample data in all four databases');
    }
  } finally {
    await Promise.all([workspace.close(), connectors.close(), tasks.close()]);
  }
}

/** @returns how many rows were added */
async function fillWorkspace(workspace: ReturnType<typeof createDb>): Promise<number> {
  const added = await seedWorkspace(workspace);
  // A person without a subscription may store as much as this plan allows.
  await upsertPlan(workspace.db, {
    key: 'free',
    name: 'Free',
    monthlyPriceCents: 0,
    limits: { storageBytes: 50_000_000, maxFileBytes: 10_000_000, aiRequestsPerDay: 50 },
  });
  return Object.values(added).reduce((sum, n) => sum + n, 0);
}

/** @returns how many rows were added */
async function fillConnectors(
  { db }: ReturnType<typeof createPostgresClient>,
  keyring: Keyring,
): Promise<number> {
  await upsertProviders(db, knownProviders);
  const { inserted } = await seedSamples(db, { keyring, userId: userId('ada'), rows: 60 });
  return inserted;
}

/** @returns how many organisations were added */
async function fillTenancy(url: string): Promise<number> {
  const tenancy = await createTenancy({ url, ...unhurried, role: 'tenancy_app' });
  try {
    return await seedOrganisations(tenancy);
  } finally {
    await tenancy.close();
  }
}
