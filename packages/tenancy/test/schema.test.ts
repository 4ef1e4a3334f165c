import { readFile } from 'node:fs/promises';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { describeCatalog, dumpCatalog, migrate } from '@reference/migrator';
import { expect, it } from 'vitest';
import { entities } from '../scripts/entities.ts';
import { migrationsFolder } from '../src/index.ts';

// PGlite is another major version, whose catalog says some things otherwise.
it.skipIf(!capabilities.concurrency)('schema.sql is what the migrations make', async () => {
  const database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  try {
    const committed = await readFile(new URL('../schema.sql', import.meta.url), 'utf8');
    expect(dumpCatalog(await describeCatalog(database.url))).toBe(committed);
  } finally {
    await database.close();
  }
});

it('ENTITIES.md shows the schema as it is (pnpm docs:diagram)', async () => {
  const page = await readFile(new URL('../ENTITIES.md', import.meta.url), 'utf8');
  expect(page).toBe(entities());
});
