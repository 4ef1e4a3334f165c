// Run on a cluster of en_US.utf8 and on one of C.UTF-8: what a user sees is the same on both.
import { capabilities, rehearseCollationRepair } from '@reference/local-postgres';
import { fixCollation, inspectCollation } from '@reference/migrator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  createUser,
  getUserByEmail,
  hashingEmbedder,
  searchTenant,
  withTenant,
} from '../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from './test-tenancy.ts';

const embedder = hashingEmbedder();
let test: TestTenancy;
beforeAll(async () => {
  test = await createTestTenancy();
});
afterAll(() => test?.close());

const names = ['zebra', 'äpfel', 'Ärger', 'éclair', 'ångström', 'Жук', 'γλώσσα'];

describe('words in any script', () => {
  it('are found by search whatever their case', async () => {
    const { tenant } = await provision(test.tenancy, 'words');
    for (const name of names) {
      await addDocument(
        test.tenancy,
        tenant.id,
        { title: name, text: `We draw ${name} today.`, source: 'upload' },
        { embedder },
      );
    }
    for (const name of names) {
      const hits = await searchTenant(test.tenancy, tenant.id, {
        question: name.toUpperCase(),
        mode: 'text',
        embedder,
      });
      expect(hits.map(({ document }) => document.title)).toEqual([name]);
    }
  });

  it('of an address are one whatever their case', async () => {
    const { tenant } = await provision(test.tenancy, 'addresses');
    const inTenant = <T>(work: Parameters<typeof withTenant<T>>[2]) =>
      withTenant(test.tenancy, tenant.id, work);
    const user = await inTenant((tx) => createUser(tx, { email: 'Grace@Example.com', name: 'G' }));
    expect(user.email).toBe('grace@example.com');
    const again = inTenant((tx) => createUser(tx, { email: 'GRACE@example.com', name: 'G' }));
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    const found = await inTenant((tx) => getUserByEmail(tx, { email: 'gRACE@eXAMPLE.COM' }));
    expect(found).toMatchObject({ id: user.id });
  });
});

describe.skipIf(!capabilities.concurrency)('after an upgrade of the system', () => {
  it('every index on text is named, rebuilt, and only then counted as right', async () => {
    const repair = { inspectCollation, fixCollation };
    const { indexes, ...run } = await rehearseCollationRepair(test.adminUrl, repair);
    expect(indexes).toContain('public.users_tenant_id_email_key');
    expect(run).toEqual({
      named: indexes,
      changedByReport: { rebuilt: [], recorded: false },
      rebuilt: indexes,
      isRecorded: true,
    });
  });
});
