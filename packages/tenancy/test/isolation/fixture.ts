import {
  addDocument,
  appendMessage,
  createConversation,
  hashingEmbedder,
  type Tenancy,
  withTenant,
} from '../../src/index.ts';
import { provision } from '../test-tenancy.ts';

/**
 * Two tenants with a row in every table.
 * @param suffix for their slugs, in a database that may have an earlier run's
 */
export async function seedTwoTenants(
  tenancy: Tenancy,
  suffix = '',
): Promise<{ a: string; b: string }> {
  const [a, b] = [await seed(tenancy, `acme${suffix}`), await seed(tenancy, `globex${suffix}`)];
  return { a, b };
}

async function seed(tenancy: Tenancy, slug: string): Promise<string> {
  const { tenant, owner } = await provision(tenancy, slug);
  await withTenant(tenancy, tenant.id, async (tx) => {
    const { id } = await createConversation(tx, { userId: owner.id, title: `About ${slug}` });
    await appendMessage(tx, { conversationId: id, role: 'user', content: `A secret of ${slug}` });
  });
  await addDocument(
    tenancy,
    tenant.id,
    { title: `Handbook of ${slug}`, text: `The secret of ${slug} is ${slug}-12345.` },
    { embedder: hashingEmbedder() },
  );
  return tenant.id;
}
