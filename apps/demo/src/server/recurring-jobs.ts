// Background cleanup. Every server offers to run it; one does.
import { join } from 'node:path';
import { purgePageVersions } from '@pagespace/db';
import { type CronJobDefinition, runIfDue } from '@reference/kit/cron';
import { purgeIdempotencyKeys } from '@reference/kit/idempotency';
import { purgeInbox } from '@reference/kit/inbox';
import { emptyOldestOutboxDay } from '@reference/kit/outbox-retention';
import { purgeRequests } from '@reference/kit/rate-limit';
import { checkAuditTrail } from './audit-check.ts';
import { isOnPglite, pagespace } from './databases.ts';
import { storageFolder } from './file-store.ts';
import { processWide } from './process-wide.ts';

const offerEveryMs = 30_000;
const batch = 1000;

/** Purges batch after batch, each a statement of its own, until one is not full. */
const untilDone = (purge: () => Promise<number>) => async (signal: AbortSignal) => {
  while (!signal.aborted && (await purge()) === batch);
};

const jobs: readonly CronJobDefinition[] = [
  {
    name: 'purge-rate-limits',
    everySeconds: 600,
    work: untilDone(() => purgeRequests(pagespace(), { limit: batch })),
  },
  {
    name: 'purge-idempotency-keys',
    everySeconds: 600,
    work: untilDone(() => purgeIdempotencyKeys(pagespace(), { limit: batch })),
  },
  {
    name: 'purge-inbox',
    everySeconds: 3600,
    work: untilDone(() => purgeInbox(pagespace(), { limit: batch })),
  },
  {
    name: 'empty-oldest-outbox-day',
    everySeconds: 3600,
    work: async () => {
      await emptyOldestOutboxDay(pagespace());
    },
  },
  {
    name: 'purge-page-versions',
    everySeconds: 3600,
    work: untilDone(async () => {
      const before = new Date(Date.now() - 180 * 86_400_000);
      return (await purgePageVersions(pagespace(), { before, limit: batch })).deleted;
    }),
  },
  {
    name: 'check-audit-trail',
    everySeconds: 3600,
    work: async (signal) => {
      // Beside the uploads, where who can write the database alone cannot write.
      const anchorFile = join(storageFolder(), 'audit-anchors.json');
      const broken = await checkAuditTrail({ db: pagespace(), anchorFile }, signal);
      for (const line of broken) console.error(`Audit trail, ${line}.`);
    },
  },
];

const started = processWide('reference-demo-recurring-jobs', () => ({ isStarted: false }));

/** Offers each job from now on. On PGlite there is one connection, and a job needs two. */
export function startRecurringJobs(): void {
  if (started.isStarted || isOnPglite('pagespace')) return;
  started.isStarted = true;
  setInterval(offer, offerEveryMs).unref();
}

async function offer(): Promise<void> {
  for (const job of jobs) {
    // A database that does not answer is asked again at the next offer.
    const outcome = await runIfDue(pagespace(), job).catch(() => 'unavailable');
    if (outcome === 'failed') console.error(`The job ${job.name} failed; see cron_jobs.`);
  }
}
