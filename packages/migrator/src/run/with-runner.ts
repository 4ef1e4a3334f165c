import type { Listener } from './events.ts';
import { releaseLock, takeLock } from './lock.ts';
import type { RunLimits } from './options.ts';
import { refuseTransactionPooler } from './pooler.ts';
import { openSession, type Session } from './session.ts';
import { addressOf, type Target } from './target.ts';

/**
 * Works as the only runner on a database: opens a session, takes the lock in it, and releases both
 * afterwards.
 */
export const withRunner = async <T>(
  target: Target,
  limits: RunLimits,
  listen: Listener,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const session = await openSession(addressOf(target), 'migrator');
  try {
    await refuseTransactionPooler(session);
    await takeLock(session, limits.runnerWaitMs, listen);
    try {
      return await work(session);
    } finally {
      await releaseLock(session);
    }
  } finally {
    await session.close();
  }
};
