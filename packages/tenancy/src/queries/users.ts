import {
  ConflictError,
  type KeysetPage,
  keyset,
  listPage,
  mapConstraints,
  NotFoundError,
  type PageRequest,
  parseInput,
} from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { isUuid } from '../ids.ts';
import { type User, userInsertSchema, users, userUpdateSchema } from '../schema/index.ts';
import type { TenantTx } from '../tenant-tx.ts';

const userColumns = {
  tenantId: users.tenantId,
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
};

const byAge = keyset([{ column: users.createdAt }, { column: users.id }]);

const emailTaken = {
  users_tenant_id_email_key: () =>
    new ConflictError('A user with this e-mail address is in the tenant already.'),
};

/** @throws ConflictError when the tenant has the address, in any case; InvalidInputError */
export async function createUser(
  tx: TenantTx,
  params: z.input<typeof userInsertSchema>,
): Promise<User> {
  const [user] = await mapConstraints(
    tx.db
      .insert(users)
      .values({ ...parseInput(userInsertSchema, params), tenantId: tx.tenantId })
      .returning(userColumns),
    emailTaken,
  );
  if (!user) throw new NotFoundError('The user was not created.');
  return user;
}

export async function getUser(
  tx: TenantTx,
  { userId }: { userId: string },
): Promise<User | undefined> {
  if (!isUuid(userId)) return undefined;
  const [user] = await tx.db
    .select(userColumns)
    .from(users)
    .where(and(eq(users.tenantId, tx.tenantId), eq(users.id, userId)));
  return user;
}

/** @param params.email in any case */
export async function getUserByEmail(
  tx: TenantTx,
  { email }: { email: string },
): Promise<User | undefined> {
  const [user] = await tx.db
    .select(userColumns)
    .from(users)
    .where(and(eq(users.tenantId, tx.tenantId), eq(users.email, email.toLowerCase())));
  return user;
}

/** Lists the tenant's users, oldest first. */
export async function listUsers(tx: TenantTx, params: PageRequest = {}): Promise<KeysetPage<User>> {
  return listPage(byAge, params, (seek) =>
    tx.db
      .select({ ...userColumns, ...seek.select })
      .from(users)
      .where(and(eq(users.tenantId, tx.tenantId), seek.where))
      .orderBy(...seek.orderBy)
      .limit(seek.limit),
  );
}

/** @throws NotFoundError, ConflictError when the tenant has the new address, InvalidInputError */
export async function updateUser(
  tx: TenantTx,
  { userId, ...changes }: z.input<typeof userUpdateSchema> & { userId: string },
): Promise<User> {
  const values = parseInput(userUpdateSchema, changes);
  const [user] = isUuid(userId)
    ? await mapConstraints(
        tx.db
          .update(users)
          .set({ ...values, updatedAt: new Date() })
          .where(and(eq(users.tenantId, tx.tenantId), eq(users.id, userId)))
          .returning(userColumns),
        emailTaken,
      )
    : [];
  if (!user) throw new NotFoundError(`There is no user ${userId} in this tenant.`);
  return user;
}

/**
 * Deletes a user with the user's conversations.
 * @throws NotFoundError
 */
export async function deleteUser(tx: TenantTx, { userId }: { userId: string }): Promise<void> {
  const deleted = isUuid(userId)
    ? await tx.db
        .delete(users)
        .where(and(eq(users.tenantId, tx.tenantId), eq(users.id, userId)))
        .returning({ id: users.id })
    : [];
  if (deleted.length === 0) throw new NotFoundError(`There is no user ${userId} in this tenant.`);
}
