import { exportUser as exportConnections } from '@ait/postgres';
import { exportUser as exportAccount } from '@pagespace/db';
import { exportUser as exportTasks } from '@reference/tasks';
import { exportUser as exportMember } from '@reference/tenancy';
import { type Databases, type Leaving, membershipsOf, tasksUserOf } from './erase-everywhere.ts';

/** A person's rows in one table of one database, at most 500 of them. */
type Exported = { readonly database: keyof Databases } & Parameters<
  Parameters<typeof exportAccount>[1]['write']
>[0];

/** Writes out what every database holds of a person, without secrets. */
export async function exportEverywhere(
  { pagespace, ait, tasks, tenancy }: Databases,
  { userId, email }: Leaving,
  write: (rows: Exported) => Promise<void>,
): Promise<void> {
  const to = (database: keyof Databases) => (rows: Omit<Exported, 'database'>) =>
    write({ database, ...rows });
  await exportAccount(pagespace, { userId, write: to('pagespace') });
  await exportConnections(ait, { userId, write: to('ait') });
  const user = await tasksUserOf(tasks, { userId, email });
  if (user) await exportTasks(tasks, { userId: user.id, write: to('tasks') });
  for (const member of await membershipsOf(tenancy, email)) {
    await exportMember(tenancy, { ...member, write: to('tenancy') });
  }
}
