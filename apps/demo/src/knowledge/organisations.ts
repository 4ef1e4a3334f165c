import { NotFoundError } from '@reference/kit';
import { getUserByEmail, requireTenant, tenantIdOf, withTenant } from '@reference/tenancy';
import { after } from 'next/server';
import { tenancy } from '../server/databases.ts';
import { codeOf } from '../server/error-code.ts';
import { processWide } from '../server/process-wide.ts';
import { servedOrganisations } from './served.ts';

/** An organisation that a person is part of. */
export interface Organisation {
  readonly slug: string;
  readonly tenantId: string;
  readonly name: string;
}

const freshForMs = 30_000;
const trustedForMs = 300_000;
const memberships = processWide(
  'reference-demo-organisations',
  () => new Map<string, { readonly askedAt: number; readonly found: Promise<Organisation[]> }>(),
);

/**
 * The organisations with a user of this e-mail address, found at sign-in. An answer older than half a
 * minute is asked anew once this request is answered, one older than five minutes before it is: so
 * whoever was taken out of an organisation sees one more screen of it, and none after five minutes.
 */
export function listOrganisations({ email }: { readonly email: string }): Promise<Organisation[]> {
  const known = memberships.get(email);
  const age = known ? Date.now() - known.askedAt : Number.POSITIVE_INFINITY;
  if (!known || age > trustedForMs) return askFor(email);
  if (age > freshForMs) after(() => askFor(email));
  return known.found;
}

/** After an erasure. */
export const forgetOrganisations = ({ email }: { email: string }) => memberships.delete(email);

function askFor(email: string): Promise<Organisation[]> {
  const found = findOrganisations(email);
  memberships.set(email, { askedAt: Date.now(), found });
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
  for (const slug of servedOrganisations) {
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
