import { tenantIdOf } from '@reference/tenancy';
import { listOrganisations } from '../knowledge/organisations.ts';
import type { SignedIn } from '../server/session.ts';
import { tasksUserId } from '../tasks/tasks-user.ts';
import type { LabPerson } from './lab-query.ts';

/** The signed-in person, as the lab runs queries for them: in each database only their rows. */
export async function labPersonOf(session: SignedIn): Promise<LabPerson> {
  const [first] = await listOrganisations(session);
  return {
    userId: session.userId,
    connectorsUserId: session.userId,
    tasksUserId: await tasksUserId(session),
    // Without an organisation: one that does not exist, so that its queries say "not found".
    tenantId: first?.tenantId ?? tenantIdOf('nobody'),
  };
}
