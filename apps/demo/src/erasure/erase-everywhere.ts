import { eraseUser as eraseConnections, type PostgresDatabase } from '@ait/postgres';
import { type Db, eraseUser as eraseAccount } from '@pagespace/db';
import { eraseUser as eraseTasks, getUserByIdentity, type Db as TasksDb } from '@reference/tasks';
import {
  eraseUser as eraseMember,
  getUserByEmail,
  type Tenancy,
  tenantIdOf,
  withTenant,
} from '@reference/tenancy';
import { servedOrganisations } from '../knowledge/served.ts';
import { codeOf } from '../server/error-code.ts';
import { externalIdOf } from '../tasks/external-id.ts';

/** The databases in which a person may have left something. */
export interface Databases {
  readonly pagespace: Db;
  readonly ait: PostgresDatabase;
  readonly tasks: TasksDb;
  readonly tenancy: Tenancy;
}

export interface Leaving {
  readonly userId: string;
  readonly email: string;
}

/**
 * Erases a person in every database, and their account last. After a crash, call it again: it goes on with
 * the rest. Call it when none of their requests is under way any more.
 *
 * @throws ConflictError for someone without whom an organisation has no owner, or a drive
 */
export async function eraseEverywhere(databases: Databases, person: Leaving): Promise<void> {
  for (const { erase } of erasures(databases, person)) await unlessGone(erase());
}

/** One for each database, in their order. */
export const erasures = (
  { pagespace, ait, tasks, tenancy }: Databases,
  { userId, email }: Leaving,
): readonly { readonly of: keyof Databases; readonly erase: () => Promise<unknown> }[] => [
  {
    of: 'tenancy',
    erase: async () => {
      for (const member of await membershipsOf(tenancy, email)) {
        await unlessGone(eraseMember(tenancy, member));
      }
    },
  },
  { of: 'ait', erase: () => eraseConnections(ait, { userId }) },
  {
    of: 'tasks',
    erase: async () => {
      const user = await tasksUserOf(tasks, { userId, email });
      if (user) await eraseTasks(tasks, { userId: user.id });
    },
  },
  { of: 'pagespace', erase: () => eraseAccount(pagespace, { userId }) },
];

/** A person's identity in the tasks' database. */
export const tasksUserOf = (tasks: TasksDb, person: Leaving) =>
  getUserByIdentity(tasks, { provider: 'github', externalId: externalIdOf(person) });

/** Data that an earlier call erased is gone already; that counts as success. */
async function unlessGone(erasing: Promise<unknown>): Promise<void> {
  try {
    await erasing;
  } catch (error) {
    if (codeOf(error) !== 'NOT_FOUND') throw error;
  }
}

/** In which organisations a person is, suspended ones included: an erasure may have begun there. */
export async function membershipsOf(
  tenancy: Tenancy,
  email: string,
): Promise<{ tenantId: string; userId: string }[]> {
  const found: { tenantId: string; userId: string }[] = [];
  for (const slug of servedOrganisations) {
    const tenantId = tenantIdOf(slug);
    await unlessGone(
      withTenant(
        tenancy,
        tenantId,
        async (tx) => {
          const user = await getUserByEmail(tx, { email });
          if (user) found.push({ tenantId, userId: user.id });
        },
        { evenSuspended: true, retries: 0 },
      ),
    );
  }
  return found;
}
