import {
  type Database,
  ForbiddenError,
  NotFoundError,
  runScript,
  type TransactionOptions,
  transaction,
} from '@reference/kit';
import { setLocally } from './local-settings.ts';
import type { Tenancy } from './tenancy.ts';
import { parseTenantId } from './tenant-id.ts';
import { lend, type TenancySchema, TenantTx } from './tenant-tx.ts';

export interface TenantTransactionOptions extends TransactionOptions {
  /** Also enters a suspended tenant: for an operator's work, such as its export or deletion. */
  readonly evenSuspended?: boolean | undefined;
}

/**
 * Runs `work` in a transaction of one tenant: the only way to the tables. Row security shows it
 * only this tenant's rows, and the setting ends with the transaction, so a pooler in transaction
 * mode can hand the connection to anyone afterwards. It retries like `transaction` of kit.
 *
 * It costs one round trip more than a bare transaction: one message sets the role, the tenant and
 * the isolation level, and asks whether the tenant is active.
 *
 * @param tenantId a UUID; `tenantIdOf(slug)` gives it
 * @param work gets the transaction; after its end every use throws UsageError
 * @returns what `work` returns
 * @throws InvalidInputError for a malformed id, NotFoundError for an unknown tenant, ForbiddenError
 *   for a suspended one
 */
export function withTenant<T>(
  tenancy: Tenancy,
  tenantId: string,
  work: (tx: TenantTx) => Promise<T>,
  options: TenantTransactionOptions = {},
): Promise<T> {
  return runAsTenant(tenancy, tenancy.db, tenantId, work, {
    ...options,
    standing: options.evenSuspended ? 'existing' : 'active',
  });
}

/** The required state of the tenant; `any` for the transaction that creates it. */
type Standing = 'any' | 'existing' | 'active';

/** `withTenant` on a handle of choice (a replica), and for a tenant that need not exist yet. */
export async function runAsTenant<T>(
  tenancy: Tenancy,
  db: Database<TenancySchema>,
  tenantId: string,
  work: (tx: TenantTx) => Promise<T>,
  { standing, isolation, readOnly, retries }: TransactionOptions & { standing: Standing },
): Promise<T> {
  const id = parseTenantId(tenantId);
  const entry = entryOf(tenancy, id, { isolation, readOnly });
  const run = () =>
    transaction(
      db,
      async (tx) => {
        const results = await runScript(tx, entry);
        const tenant = results.at(-1)?.[0];
        if (standing !== 'any' && !tenant) {
          throw new NotFoundError(`There is no tenant ${id}. provisionTenant creates one.`);
        }
        if (standing === 'active' && tenant && !tenant.is_active) {
          throw new ForbiddenError(`Tenant ${id} is suspended. resumeTenant lifts it.`);
        }
        return lend(new TenantTx(id, tx), work);
      },
      { retries },
    );
  return tenancy.guard(id, run);
}

/** One message of several statements. `SET LOCAL` takes no parameter, so `tenantId` is a parsed UUID. */
function entryOf(
  { distributed, role }: Tenancy,
  tenantId: string,
  { isolation, readOnly }: TransactionOptions,
): string {
  const settings = [...(role ? [`role "${role}"`] : []), `app.tenant_id = '${tenantId}'`];
  const statements = [
    (isolation || readOnly) &&
      `set transaction ${isolation ? `isolation level ${isolation}` : ''} ${readOnly ? 'read only' : ''}`,
    // Citus passes SET LOCAL to its workers only with this setting, and set_config() never. On one
    // server plain statements are 70 µs faster than a block.
    ...(distributed
      ? [setLocally([`citus.propagate_set_commands = 'local'`, ...settings])]
      : settings.map((setting) => `set local ${setting}`)),
    `select is_active from tenants where id = '${tenantId}'`,
  ];
  return statements.filter(Boolean).join('; ');
}
