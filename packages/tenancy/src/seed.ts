import { ConflictError } from '@reference/kit';
import { hashingEmbedder } from './embedders/hashing.ts';
import { addDocument } from './ingestion/add-document.ts';
import { createConversation } from './queries/conversations.ts';
import { appendMessage } from './queries/messages.ts';
import { provisionTenant } from './queries/tenants.ts';
import type { Tenancy } from './tenancy.ts';
import { withTenant } from './with-tenant.ts';

/** Two organisations with the same kinds of documents, so that isolation can be seen. */
const organisations = [
  {
    slug: 'acme',
    name: 'Acme Rockets',
    product: 'rocket skates',
    secret: 'the launch is on Tuesday',
  },
  { slug: 'globex', name: 'Globex', product: 'weather machines', secret: 'the island is for sale' },
];

const handbook = ({
  name,
  product,
  secret,
}: (typeof organisations)[number]) => `# Handbook of ${name}

${name} makes ${product}. This handbook says how we work.

## Holidays

Everyone has thirty days of holiday a year. Ask your team two weeks ahead; a day or two at short notice
is fine when nobody is on call.

## Expenses

Send receipts within a month. Trains before planes; a hotel may cost 150 a night without asking.

## Security

Never leave a laptop unlocked. What is confidential stays here: ${secret}.

## Incidents

The person on call leads. First stop the damage, then tell the customers, then find the cause. A report
without blame follows within a week.
`;

async function seed(tenancy: Tenancy, organisation: (typeof organisations)[number]): Promise<void> {
  const { slug, name } = organisation;
  const { tenant, owner } = await provisionTenant(tenancy, {
    slug,
    name,
    owner: { email: `owner@${slug}.example`, name: `Owner of ${name}` },
  });
  await addDocument(
    tenancy,
    tenant.id,
    { title: `Handbook of ${name}`, text: handbook(organisation), mimeType: 'text/markdown' },
    { embedder: hashingEmbedder() },
  );
  await withTenant(tenancy, tenant.id, async (tx) => {
    const { id } = await createConversation(tx, { userId: owner.id, title: 'Holidays' });
    await appendMessage(tx, {
      conversationId: id,
      role: 'user',
      content: 'How many days of holiday do I have?',
    });
  });
}

/**
 * Creates the organisations `acme` and `globex`, each with a handbook and a conversation. An
 * existing one stays unchanged.
 *
 * @returns the slugs of the created ones
 */
export async function seedTenants(tenancy: Tenancy): Promise<string[]> {
  const made: string[] = [];
  for (const organisation of organisations) {
    try {
      await seed(tenancy, organisation);
      made.push(organisation.slug);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return made;
}
