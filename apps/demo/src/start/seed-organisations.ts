import { fileURLToPath } from 'node:url';
import { ConflictError } from '@reference/kit';
import {
  createUser,
  hashingEmbedder,
  ingestFolder,
  type Tenancy,
  tenantIdOf,
  withTenant,
} from '@reference/tenancy';
import { seedTenants } from '@reference/tenancy/seed';

/** The organisations of the workspace's people; Zoe is in none. */
const members = [
  { slug: 'acme', emails: ['ada@example.com', 'ben@example.com'] },
  { slug: 'globex', emails: ['ada@example.com', 'chloe@example.com'] },
] as const;

const documents = fileURLToPath(new URL('../../../../docs', import.meta.url));

/**
 * Fills the organisations' database: two organisations, their members, and this project's documents
 * for one of them to search in. A second time it adds what has changed in the documents.
 *
 * @returns how many organisations are new
 */
export async function seedOrganisations(tenancy: Tenancy): Promise<number> {
  const made = await seedTenants(tenancy);
  for (const { slug, emails } of members) {
    for (const email of emails) await addMember(tenancy, slug, email);
  }
  await ingestFolder(tenancy, tenantIdOf('acme'), documents, {
    embedder: hashingEmbedder(),
    concurrency: 1,
  });
  return made.length;
}

async function addMember(tenancy: Tenancy, slug: string, email: string): Promise<void> {
  try {
    await withTenant(tenancy, tenantIdOf(slug), (tx) => createUser(tx, { email }));
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
