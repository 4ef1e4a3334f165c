import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterAll } from 'vitest';

// The portable tests take a server by this variable, as they do in another project.
if (capabilities.concurrency) {
  const database = await createTestDatabase();
  process.env.TEST_DATABASE_URL = database.url;
  afterAll(() => database.close());
}
