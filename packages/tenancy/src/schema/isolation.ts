import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, pgPolicy, pgRole } from 'drizzle-orm/pg-core';

/**
 * The application's role: no superuser, no BYPASSRLS, owner of nothing. A migration creates it
 * without a login; a deployment grants it to a login role of its own.
 */
export const tenancyApp = pgRole('tenancy_app').existing();

/**
 * The tenant of the running transaction, as `withTenant` has set it; null outside one.
 * `nullif`, because a setting that was local to an ended transaction reads as `''`.
 */
export const currentTenantId: SQL = sql`nullif(current_setting('app.tenant_id', true), '')::uuid`;

/**
 * The one policy of a tenant table: rows of the current tenant, to read and to write. It has no
 * subquery, because a distributed Postgres refuses one, and this form is an index condition.
 *
 * @param table the table's name, which the policy's name starts with
 * @param tenantId the column that holds the tenant
 */
export const tenantIsolation = (table: string, tenantId: AnyPgColumn) =>
  pgPolicy(`${table}_tenant_isolation`, {
    as: 'permissive',
    for: 'all',
    to: tenancyApp,
    using: sql`${tenantId} = ${currentTenantId}`,
    withCheck: sql`${tenantId} = ${currentTenantId}`,
  });
