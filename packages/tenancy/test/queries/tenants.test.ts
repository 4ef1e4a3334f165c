import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  appendMessage,
  countTenantRows,
  createConversation,
  deleteTenant,
  type ExportedRow,
  exportTenant,
  hashingEmbedder,
  listUsers,
  provisionTenant,
  requireTenant,
  suspendTenant,
  tenantIdOf,
  tenants,
  updateTenant,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let test: TestTenancy;
beforeAll(async () => {
  test = await createTestTenancy();
});
afterAll(() => test?.close());

/** A tenant with two documents, a conversation and three messages. */
async function furnish(slug: string): Promise<string> {
  const { tenant, owner } = await provision(test.tenancy, slug);
  for (const topic of ['apples', 'pears']) {
    await addDocument(
      test.tenancy,
      tenant.id,
      { title: topic, text: `# On ${topic}\n\nAll about ${topic} of ${slug}.` },
      { embedder: hashingEmbedder() },
    );
  }
  await withTenant(test.tenancy, tenant.id, async (tx) => {
    const { id } = await createConversation(tx, { userId: owner.id });
    for (const content of ['one', 'two', 'three']) {
      await appendMessage(tx, { conversationId: id, role: 'user', content });
    }
  });
  return tenant.id;
}

const counts = (id: string) =>
  withTenant(test.tenancy, id, countTenantRows, { evenSuspended: true });
const furnished = { users: 1, conversations: 1, messages: 3, documents: 2, documentChunks: 2 };

describe('provisionTenant', () => {
  it('creates the tenant under the id of its slug, with its first owner', async () => {
    const { tenant, owner } = await provisionTenant(test.tenancy, {
      name: ' Initech ',
      slug: 'initech',
      plan: 'team',
      owner: { email: 'bill@initech.example', name: 'Bill' },
    });
    expect(tenant).toMatchObject({ id: tenantIdOf('initech'), name: 'Initech', plan: 'team' });
    expect(owner).toMatchObject({ tenantId: tenant.id, role: 'owner', name: 'Bill' });
  });

  it('refuses a slug that is taken, and leaves the tenant as it was', async () => {
    await provision(test.tenancy, 'taken');
    await expect(
      provisionTenant(test.tenancy, { name: 'x', slug: 'taken', owner: { email: 'x@x.example' } }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    const users = await withTenant(test.tenancy, tenantIdOf('taken'), (tx) => listUsers(tx));
    expect(users.items).toHaveLength(1);
  });

  it('creates nothing when the owner is refused', async () => {
    await expect(
      provisionTenant(test.tenancy, { name: 'x', slug: 'half', owner: { email: 'no address' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect([...(await test.admin`select 1 from tenants where slug = 'half'`)]).toEqual([]);
  });

  for (const slug of ['', 'A', 'a b', '-a', 'a-', 'a--b', 'ä', 'a'.repeat(64)]) {
    it(`refuses the slug "${slug}"`, async () => {
      await expect(
        provisionTenant(test.tenancy, { name: 'x', slug, owner: { email: 'x@x.example' } }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });
  }
});

describe('tenantIdOf', () => {
  it('is what the table’s check computes', async () => {
    for (const slug of ['a', 'acme', 'a-1-b', '0', 'z'.repeat(63)]) {
      const id = tenantIdOf(slug);
      await test.admin`insert into tenants (id, name, slug) values (${id}, 'x', ${slug})`;
      await test.admin`delete from tenants where id = ${id}`;
    }
    await expect(
      test.admin`insert into tenants (id, name, slug) values (gen_random_uuid(), 'x', 'other')`,
    ).rejects.toMatchObject({ constraint_name: 'tenants_id_of_slug' });
  });
});

describe('updateTenant', () => {
  it('changes the own tenant only', async () => {
    const [one, two] = [await furnish('one'), await furnish('two')];
    await withTenant(test.tenancy, one, async (tx) => {
      await updateTenant(tx, { name: 'Renamed', settings: { locale: 'de' } });
      await tx.db.update(tenants).set({ name: 'Stolen' }).where(eq(tenants.id, two));
    });
    expect(await withTenant(test.tenancy, one, requireTenant)).toMatchObject({
      name: 'Renamed',
      settings: { locale: 'de' },
    });
    expect(await withTenant(test.tenancy, two, requireTenant)).toMatchObject({ name: 'two' });
  });

  it('refuses settings that the schema does not know', async () => {
    const id = await furnish('strict');
    const settings: object = { unknown: true };
    await expect(
      withTenant(test.tenancy, id, (tx) => updateTenant(tx, { settings })),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('exportTenant', () => {
  it('writes every row of the tenant, parents first, and nothing of another', async () => {
    const id = await furnish('exported');
    await furnish('not-exported');
    const rows: ExportedRow[] = [];
    const written = await exportTenant(test.tenancy, id, (row) => {
      rows.push(row);
    });
    expect(written).toBe(1 + 1 + 1 + 3 + 2 + 2);
    expect([...new Set(rows.map(({ table }) => table))]).toEqual([
      'tenants',
      'users',
      'conversations',
      'messages',
      'documents',
      'document_chunks',
    ]);
    expect(rows.every(({ row }) => row.tenantId === id || row.id === id)).toBe(true);
    expect(JSON.stringify(rows)).not.toContain('not-exported');
    expect(rows.at(-1)?.row).not.toHaveProperty('embedding');
  });

  it('writes each row once, where a table has more rows than are read at once', async () => {
    const { tenant } = await provision(test.tenancy, 'large-export');
    await test.admin`
      insert into users (tenant_id, email, role)
      select ${tenant.id}, 'user' || n || '@large.example', 'member' from generate_series(1, 1000) n`;
    const ids: unknown[] = [];
    const written = await exportTenant(test.tenancy, tenant.id, ({ table, row }) => {
      if (table === 'users') ids.push(row.id);
    });
    expect(new Set(ids).size).toBe(1001);
    expect(ids).toHaveLength(1001);
    expect(written).toBe(1002);
  });

  it('exports a suspended tenant', async () => {
    const id = await furnish('suspended-export');
    await suspendTenant(test.tenancy, id);
    expect(await exportTenant(test.tenancy, id, () => {})).toBe(10);
  });
});

describe('deleting a tenant', () => {
  it('deletes in batches, leaves other tenants whole, and goes on where it ended', async () => {
    const [gone, kept] = [await furnish('gone'), await furnish('kept')];
    const progress: number[] = [];
    await expect(
      deleteTenant(test.tenancy, gone, {
        batchSize: 1,
        onProgress: ({ deleted }) => {
          progress.push(deleted);
          if (deleted === 3) throw new Error('crash');
        },
      }),
    ).rejects.toThrow('crash');
    await expect(withTenant(test.tenancy, gone, countTenantRows)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await deleteTenant(test.tenancy, gone, { batchSize: 2 });
    expect(progress).toEqual([1, 2, 3]);
    expect(await rowsOf(gone)).toBe(0);
    expect(await counts(kept)).toEqual(furnished);
    await expect(deleteTenant(test.tenancy, gone)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('deletes every row in a batch, so that the tenant’s own cascade finds none', async () => {
    const id = await furnish('batched');
    const progress: number[] = [];
    await deleteTenant(test.tenancy, id, {
      batchSize: 1,
      onProgress: ({ deleted }) => progress.push(deleted),
    });
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('cascades from the tenant’s row alone', async () => {
    const id = await furnish('cascade');
    await withTenant(test.tenancy, id, (tx) => tx.db.delete(tenants).where(eq(tenants.id, id)));
    expect(await rowsOf(id)).toBe(0);
  });

  /** Rows of a tenant in every table that has the column, whatever tables there are. */
  async function rowsOf(tenantId: string): Promise<number> {
    const tables = await test.admin<{ name: string }[]>`
      select attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
      where attname = 'tenant_id' and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`;
    expect(tables.length).toBeGreaterThan(5);
    let total = 0;
    for (const { name } of tables) {
      const [row] = await test.admin`
        select count(*)::int as n from ${test.admin(name)} where tenant_id = ${tenantId}`;
      total += row?.n;
    }
    return total;
  }
});
