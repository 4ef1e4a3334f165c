import { ConflictError, NotFoundError } from '@reference/kit';
import { erasePerson, exportPerson, type PersonalRows } from '@reference/kit/personal-data';
import type { PersonalPlan } from '@reference/kit/personal-plan';
import { and, eq, ne } from 'drizzle-orm';
import { isUuid } from '../ids.ts';
import {
  conversations,
  documentChunks,
  documents,
  messages,
  tenants,
  users,
} from '../schema/index.ts';
import type { Tenancy } from '../tenancy.ts';
import { parseTenantId } from '../tenant-id.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { withTenant } from '../with-tenant.ts';
import { deleteTenantRows } from './delete-tenant.ts';

/**
 * A tenant's data about one of its people. Documents and their vectors belong to the tenant, and
 * are deleted with the last of its people. `test/queries/personal-data.test.ts` holds the plan
 * against the catalog.
 */
export const personalPlan: PersonalPlan = {
  root: { table: 'users', key: 'id' },
  tables: {
    conversations: { columns: { user_id: 'delete' } },
    messages: { through: ['conversations'] },
  },
};

interface TenantUser {
  readonly tenantId: string;
  readonly userId: string;
}

/** Names the tenant beside the policies, so that a cluster routes the statement to one node. */
function personOf({ tenantId, userId }: TenantUser) {
  if (!isUuid(userId)) throw noSuchUser();
  return { id: userId, within: { column: 'tenant_id', value: parseTenantId(tenantId) } };
}
const noSuchUser = () => new NotFoundError('There is no such user in this tenant.');

/**
 * Exports everything that a tenant, also a suspended one, holds of one of its people, table by
 * table, from one snapshot.
 *
 * @param params.write takes up to 500 rows at a time
 * @throws NotFoundError for an unknown tenant or user
 */
export async function exportUser(
  tenancy: Tenancy,
  params: TenantUser & { readonly write: (rows: PersonalRows) => Promise<void> },
): Promise<void> {
  const person = personOf(params);
  await withTenant(
    tenancy,
    params.tenantId,
    (tx) => exportPerson(tx.db, personalPlan, person, params.write),
    { isolation: 'repeatable read', readOnly: true, evenSuspended: true, retries: 0 },
  );
}

/**
 * Throws if `eraseUser` would refuse; call it before you erase the person elsewhere.
 *
 * @throws NotFoundError, ConflictError as `eraseUser`
 */
export async function requireErasable(tenancy: Tenancy, params: TenantUser): Promise<void> {
  personOf(params);
  await withTenant(tenancy, params.tenantId, (tx) => isLastOne(tx, params.userId), {
    evenSuspended: true,
  });
}

/**
 * Erases a person from a tenant: their account and conversations, in one transaction. With the last
 * of its people it deletes the tenant too, with documents and vectors: it suspends the tenant at
 * once and empties it in batches, and after a crash the same call goes on.
 *
 * @returns whether the tenant was deleted too
 * @throws NotFoundError for an unknown tenant or user
 * @throws ConflictError for the only owner while the tenant has other people; make one of them an
 *   owner first
 */
export async function eraseUser(
  tenancy: Tenancy,
  params: TenantUser,
): Promise<{ readonly tenantDeleted: boolean }> {
  const { tenantId, userId } = params;
  const person = personOf(params);
  const isLast = await withTenant(
    tenancy,
    tenantId,
    async (tx) => {
      if (await isLastOne(tx, userId)) {
        await tx.db.update(tenants).set({ isActive: false }).where(eq(tenants.id, tx.tenantId));
        return true;
      }
      await erasePerson(tx.db, personalPlan, { person, pseudonym: '' });
      return false;
    },
    { evenSuspended: true },
  );
  if (!isLast) return { tenantDeleted: false };
  // The user's row stays until the end, so that the call can be repeated.
  await deleteTenantRows(tenancy, tenantId, [documentChunks, documents, messages, conversations]);
  await withTenant(
    tenancy,
    tenantId,
    (tx) => tx.db.delete(tenants).where(eq(tenants.id, tx.tenantId)),
    { evenSuspended: true },
  );
  return { tenantDeleted: true };
}

/**
 * Tells whether this user is the tenant's only one. It locks the tenant, so that nobody joins it
 * until this transaction ends, and two owners cannot both leave relying on the other.
 */
async function isLastOne(tx: TenantTx, userId: string): Promise<boolean> {
  await tx.db
    .select({ id: tenants.id })
    .from(tenants)
    .where(eq(tenants.id, tx.tenantId))
    .for('update');
  const [user] = await tx.db
    .select({ role: users.role })
    .from(users)
    .where(and(eq(users.tenantId, tx.tenantId), eq(users.id, userId)));
  if (!user) throw noSuchUser();
  const others = and(eq(users.tenantId, tx.tenantId), ne(users.id, userId));
  const [other] = await tx.db.select({ id: users.id }).from(users).where(others).limit(1);
  if (!other) return true;
  if (user.role !== 'owner') return false;
  const [owner] = await tx.db
    .select({ id: users.id })
    .from(users)
    .where(and(others, eq(users.role, 'owner')))
    .limit(1);
  if (!owner) {
    throw new ConflictError(
      'This is the only owner of the tenant. Make another user an owner first.',
    );
  }
  return false;
}
