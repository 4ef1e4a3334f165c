import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { describeCatalog, migrate, scratchOnServer, squash } from '@reference/migrator';
import { expect, it } from 'vitest';
import { migrationsFolder } from '../src/index.ts';
import { openAdmin } from './test-tenancy.ts';

// The history forces row security, grants by column, partitions by hand and marks a built-in function:
// none of it is in drizzle-kit's snapshot, so a squash by snapshot would lose it in silence.
it.skipIf(!capabilities.concurrency)(
  'one squashed migration makes what all of them make',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenancy-squash-'));
    const former = await createTestDatabase({ migrations: migrationsFolder, migrate });
    const fresh = await createTestDatabase();
    const admin = openAdmin(fresh.url, 1);
    try {
      await cp(migrationsFolder, join(folder, 'drizzle'), { recursive: true });
      const made = await squash({
        folder: join(folder, 'drizzle'),
        archive: join(folder, 'former'),
        scratch: scratchOnServer(fresh.url),
      });
      expect(made.withoutDown).toBeUndefined();
      await migrate(fresh.url, { folder: join(folder, 'drizzle') });
      expect(await describeCatalog(fresh.url)).toEqual(await describeCatalog(former.url));
      const [row] = await admin`
      select (select proleakproof from pg_proc where proname = 'ts_match_vq') as leakproof,
        (select count(*)::int from pg_class where relforcerowsecurity and relkind in ('r', 'p')
          and not relispartition) as forced`;
      expect(row).toEqual({ leakproof: true, forced: 6 });
    } finally {
      await admin.end();
      await former.close();
      await fresh.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
