import { upsertUser } from '@reference/tasks';
import { keyring, tasks } from '../server/databases.ts';
import { processWide } from '../server/process-wide.ts';
import type { SignedIn } from '../server/session.ts';
import { externalIdOf } from './external-id.ts';

const known = processWide('reference-demo-task-users', () => new Map<string, Promise<string>>());

/**
 * The tasks' user for a signed-in person. The tasks' users are identities of an OAuth provider; here the
 * workspace's sign-in stands in for it. A session that is older than this process signs in at its
 * first visit.
 */
export function tasksUserId({ userId, email, displayName }: Person): Promise<string> {
  const present = known.get(userId);
  if (present) return present;
  const signingIn = upsertUser(tasks(), {
    keyring: keyring(),
    provider: 'github',
    externalId: externalIdOf({ userId, email }),
    accessToken: `made-up-token-of-${userId}`,
    username: email.split('@')[0] ?? userId,
    email,
    name: displayName,
  }).then(({ user }) => user.id);
  known.set(userId, signingIn);
  signingIn.catch(() => known.delete(userId));
  return signingIn;
}

/** After an erasure: the next one with this id is somebody new. */
export const forgetTasksUser = ({ userId }: { userId: string }) => known.delete(userId);

type Person = Pick<SignedIn, 'userId' | 'email' | 'displayName'>;
