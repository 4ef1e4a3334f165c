import { ConflictError, mapConstraints, NotFoundError, parseInput } from '@reference/kit';
import { count, eq } from 'drizzle-orm';
import type { z } from 'zod';
import {
  conversations,
  documentChunks,
  documents,
  messages,
  type Tenant,
  tenantInsertSchema,
  tenants,
  tenantUpdateSchema,
  type User,
  type userInsertSchema,
  users,
} from '../schema/index.ts';
import type { Tenancy } from '../tenancy.ts';
import { tenantIdOf } from '../tenant-id.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { runAsTenant, withTenant } from '../with-tenant.ts';
import { createUser } from './users.ts';

const tenantColumns = {
  id: tenants.id,
  name: tenants.name,
  slug: tenants.slug,
  plan: tenants.plan,
  isActive: tenants.isActive,
  embeddingModel: tenants.embeddingModel,
  settings: tenants.settings,
  createdAt: tenants.createdAt,
  updatedAt: tenants.updatedAt,
};

/**
 * Creates a tenant with its first owner, in one transaction.
 *
 * @throws ConflictError when the slug is taken, InvalidInputError for malformed values
 */
export async function provisionTenant(
  tenancy: Tenancy,
  params: z.input<typeof tenantInsertSchema> & {
    readonly owner: Omit<z.input<typeof userInsertSchema>, 'role'>;
  },
): Promise<{ tenant: Tenant; owner: User }> {
  const { owner, ...rest } = params;
  const values = parseInput(tenantInsertSchema, rest);
  const tenantId = tenantIdOf(values.slug);
  const work = async (tx: TenantTx) => {
    const [tenant] = await mapConstraints(
      tx.db
        .insert(tenants)
        .values({ ...values, id: tenantId })
        .returning(tenantColumns),
      {
        tenants_pkey: () =>
          new ConflictError(`The slug "${values.slug}" is taken. Choose another one.`),
      },
    );
    if (!tenant) throw new NotFoundError('The tenant was not created.');
    return { tenant, owner: await createUser(tx, { ...owner, role: 'owner' }) };
  };
  return runAsTenant(tenancy, tenancy.db, tenantId, work, { standing: 'any' });
}

/** Gives the transaction's own tenant. */
export async function requireTenant(tx: TenantTx): Promise<Tenant> {
  const [tenant] = await tx.db
    .select(tenantColumns)
    .from(tenants)
    .where(eq(tenants.id, tx.tenantId));
  if (!tenant) throw new NotFoundError(`There is no tenant ${tx.tenantId}.`);
  return tenant;
}

/**
 * Changes the tenant's name, plan or settings. The slug never changes, because the id is made from
 * it.
 * @throws InvalidInputError for malformed values
 */
export async function updateTenant(
  tx: TenantTx,
  params: z.input<typeof tenantUpdateSchema>,
): Promise<Tenant> {
  const [tenant] = await tx.db
    .update(tenants)
    .set({ ...parseInput(tenantUpdateSchema, params), updatedAt: new Date() })
    .where(eq(tenants.id, tx.tenantId))
    .returning(tenantColumns);
  if (!tenant) throw new NotFoundError(`There is no tenant ${tx.tenantId}.`);
  return tenant;
}

/** Suspends a tenant: from now on `withTenant` refuses it; open transactions run to their end. */
export const suspendTenant = (tenancy: Tenancy, tenantId: string): Promise<void> =>
  setActive(tenancy, tenantId, false);

/** Lifts a suspension. */
export const resumeTenant = (tenancy: Tenancy, tenantId: string): Promise<void> =>
  setActive(tenancy, tenantId, true);

async function setActive(tenancy: Tenancy, tenantId: string, isActive: boolean): Promise<void> {
  await withTenant(
    tenancy,
    tenantId,
    (tx) => tx.db.update(tenants).set({ isActive }).where(eq(tenants.id, tx.tenantId)),
    { evenSuspended: true },
  );
}

export type TenantCounts = Record<
  'users' | 'conversations' | 'messages' | 'documents' | 'documentChunks',
  number
>;

/** Counts the tenant's rows of each table; for a dashboard, not for each request. */
export async function countTenantRows(tx: TenantTx): Promise<TenantCounts> {
  const total = async (
    table:
      | typeof users
      | typeof conversations
      | typeof messages
      | typeof documents
      | typeof documentChunks,
  ) => {
    const [row] = await tx.db
      .select({ total: count() })
      .from(table)
      .where(eq(table.tenantId, tx.tenantId));
    return row?.total ?? 0;
  };
  return {
    users: await total(users),
    conversations: await total(conversations),
    messages: await total(messages),
    documents: await total(documents),
    documentChunks: await total(documentChunks),
  };
}
