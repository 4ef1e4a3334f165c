import { createPostgresClient, migrationsFolder as ofAit, upsertProviders } from '@ait/postgres';
import { knownProviders, seedSamples } from '@ait/postgres/seed';
import { createDb, migrationsFolder as ofPagespace, upsertPlan } from '@pagespace/db';
import { seedWorkspace, userId } from '@pagespace/db/seed';
import { keyringFromEnv } from '@reference/kit';
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
 * Migrates the four databases and fills them. A second time it changes nothing.
 *
 * @param options.encryptionKeys seal what is seeded, as in ENCRYPTION_KEYS
 * @param options.onStep one line of what was done
 */
export async function prepare(
  urls: Urls,
  options: { readonly encryptionKeys: string; readonly onStep: (text: string) => void },
): Promise<void> {
  const keyring = keyringFromEnv(options.encryptionKeys);
  const folders = [
    ['pagespace', urls.pagespace, ofPagespace],
    ['ait', urls.ait, ofAit],
    ['tasks', urls.tasks, ofTasks],
    ['tenancy', urls.tenancy, ofTenancy],
  ] as const;
  for (const [name, url, folder] of folders) {
    const { applied } = await migrate(url, { folder });
    if (applied.length > 0) options.onStep(`${name}: ${applied.length} migrations applied`);
  }

  const workspace = createDb({ url: urls.pagespace, ...unhurried });
  const connectors = createPostgresClient({ url: urls.ait, ...unhurried });
  const tasks = createTasksClient({ url: urls.tasks, ...unhurried });
  try {
    const added = Object.values(await seedWorkspace(workspace)).reduce((sum, n) => sum + n, 0);
    // Whoever has no subscription may store as much as this plan allows.
    await upsertPlan(workspace.db, {
      key: 'free',
      name: 'Free',
      monthlyPriceCents: 0,
      limits: { storageBytes: 50_000_000, maxFileBytes: 10_000_000, aiRequestsPerDay: 50 },
    });
    await upsertProviders(connectors.db, knownProviders);
    const samples = await seedSamples(connectors.db, { keyring, userId: userId('ada'), rows: 60 });
    await seedTasks(tasks.db, { keyring });
    const tenancy = await createTenancy({ url: urls.tenancy, ...unhurried, role: 'tenancy_app' });
    let organisations = 0;
    try {
      organisations = await seedOrganisations(tenancy);
    } finally {
      await tenancy.close();
    }
    if (added + samples.inserted + organisations > 0) {
      await analyze(Object.values(urls));
      options.onStep('sample data in all four databases');
    }
  } finally {
    await Promise.all([workspace.close(), connectors.close(), tasks.close()]);
  }
}
