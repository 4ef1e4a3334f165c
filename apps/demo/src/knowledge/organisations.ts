import { NotFoundError } from '@reference/kit';
import { getUserByEmail, requireTenant, tenantIdOf, withTenant } from '@reference/tenancy';
import { tenancy } from '../server/databases.ts';
import { codeOf } from '../server/problems.ts';
import { processWide } from '../server/process-wide.ts';

/** An organisation that a person is part of. */
export interface Organisation {
  readonly slug: string;
  readonly tenantId: string;
  readonly name: string;
}

/** The database lets nobody list organisations, so the application knows those it serves. */
const served = ['acme', 'globex'] as const;

const trustedForMs = 30_000;
const memberships = processWide(
  'reference-demo-organisations',
  () => new Map<string, { readonly until: number; readonly found: Promise<Organisation[]> }>(),
);

/** The organisations with a user of this e-mail address; asked anew after half a minute. */
export function listOrganisations({ email }: { readonly email: string }): Promise<Organisation[]> {
  const known = memberships.get(email);
  if (known && known.until > Date.now()) return known.found;
  const found = findOrganisations(email);
  memberships.set(email, { until: Date.now() + trustedForMs, found });
  found.catch(() => memberships.delete(email));
  return found;
}

/** @throws NotFoundError also for an organisation that the person is no part of */
export async function requireOrganisation(
  person: { readonly email: string },
  slug: string,
): Promise<Organisation> {
  const found = (await listOrganisations(person)).find((one) => one.slug === slug);
  if (!found) throw new NotFoundError('There is no such organisation.');
  return found;
}

async function findOrganisations(email: string): Promise<Organisation[]> {
  const found: Organisation[] = [];
  for (const slug of served) {
    const organisation = await membershipIn(slug, email);
    if (organisation) found.push(organisation);
  }
  return found;
}

async function membershipIn(slug: string, email: string): Promise<Organisation | undefined> {
  const tenantId = tenantIdOf(slug);
  try {
    return await withTenant(await tenancy(), tenantId, async (tx) => {
      const member = await getUserByEmail(tx, { email });
      return member && { slug, tenantId, name: (await requireTenant(tx)).name };
    });
  } catch (error) {
    // Not there, or suspended.
    if (codeOf(error) === 'NOT_FOUND' || codeOf(error) === 'FORBIDDEN') return undefined;
    throw error;
  }
}
