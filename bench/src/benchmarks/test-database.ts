import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createTestDatabase, publishRun, startContainer } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import type { Benchmark } from '../benchmark.ts';

const migrations = new URL('../../../packages/db/drizzle', import.meta.url);

export const testDatabase: Benchmark<null> = {
  name: 'test-database',
  title: 'A test database',
  about: 'A fresh database with the whole schema, as every test file gets one.',
  throughput: false,
  ownServer: true,
  targets: [{ contestant: 'clone of the template', figure: 'latency', atMost: 40_000 }],
  async prepare() {
    // As a test run has it: the data directory in memory, and no waiting for the disk.
    const container = await startContainer({ durable: false });
    publishRun({
      source: 'docker',
      owner: randomBytes(6).toString('hex'),
      directory: tmpdir(),
      adminUrl: container.url,
      description: 'bench',
    });
    return async () => {
      publishRun(undefined);
      await container.remove();
    };
  },
  samples: async () => [null],
  comparable: () => null,
  contestants: () => [
    {
      name: 'migrate an empty one',
      run: async () => {
        const database = await createTestDatabase();
        await migrate(database.url, { folder: migrations });
      },
    },
    {
      name: 'clone of the template',
      run: () =>
        createTestDatabase({ migrations, migrate: (url, options) => migrate(url, options) }),
    },
  ],
};
