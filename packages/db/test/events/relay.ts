import type { Database } from '@reference/kit/database';
import { applyOnce } from '@reference/kit/inbox';
import { relayOnce } from '@reference/kit/outbox-relay';
import { sql } from 'drizzle-orm';

// Apart from the run, because a worker that imports little starts sooner.

/** How many keys a kill run writes to. */
export const keys = 6;

/** Relays what a kill run changes into its inbox. */
export const relay = <S extends Record<string, unknown>>(db: Database<S>): Promise<number> =>
  relayOnce(db, {
    batch: keys,
    leaseSeconds: 0.3,
    mostAttempts: 1_000_000,
    handlers: {
      changed: async ({ id, key, payload }) => {
        await applyOnce(db, { source: 'kill-run', messageId: id }, async (tx) => {
          await tx.execute(
            sql`insert into kill_applied (key, n) values (${key}, ${Number(payload.n)})`,
          );
        });
      },
    },
  });
