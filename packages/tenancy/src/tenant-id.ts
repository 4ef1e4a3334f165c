import { createHash } from 'node:crypto';
import { InvalidInputError } from '@reference/kit';
import { z } from 'zod';

const uuid = z.guid();
const slugFormat = /^[a-z0-9](-?[a-z0-9]){0,62}$/;

/**
 * The id of the tenant with this slug: the first 128 bits of its SHA-256, marked as a UUID of version 8
 * (RFC 9562, section 5.8). The table's check `tenants_id_of_slug` computes the same.
 *
 * @throws InvalidInputError when no tenant can have this slug
 */
export function tenantIdOf(slug: string): string {
  if (!slugFormat.test(slug)) {
    throw new InvalidInputError(
      'A tenant slug is 1 to 63 lower-case letters, digits and single hyphens between them.',
    );
  }
  const hex = createHash('sha256').update(slug, 'utf8').digest('hex').slice(0, 32);
  const marked = `${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17)}`;
  return marked.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * A tenant id that may stand in a `SET LOCAL`, which takes no parameter.
 * @throws InvalidInputError when it is not a UUID
 */
export function parseTenantId(tenantId: string): string {
  const parsed = uuid.safeParse(tenantId);
  if (!parsed.success) {
    throw new InvalidInputError('The tenant id is not a UUID. tenantIdOf(slug) gives one.');
  }
  return parsed.data.toLowerCase();
}
