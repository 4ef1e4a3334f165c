import { setTimeout as sleep } from 'node:timers/promises';
import { accountClosed, accountClosedSchema } from '@pagespace/db';
import { type DeliveredEvent, startRelay } from '@reference/kit/outbox-relay';
import { signWebhook } from '@reference/kit/webhooks';
import { eraseEverywhere } from '@/erasure/erase-everywhere.ts';
import { forgetOrganisations } from '@/knowledge/organisations.ts';
import { ait, isOnPglite, pagespace, pagespaceClient, tasks, tenancy } from '@/server/databases.ts';
import { processWide } from '@/server/process-wide.ts';
import { forgetTasksUser } from '@/tasks/tasks-user.ts';
import { messageTopic } from './events.ts';
import { webhookSecret } from './secret.ts';

const started = processWide('reference-demo-relay', () => ({ isStarted: false }));

/** Sends an event as a signed webhook; any other answer than 2xx is a failed attempt. */
async function send(url: string, event: DeliveredEvent, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({ topic: event.topic, ...event.payload });
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signWebhook({ id: event.id, body, secrets: [webhookSecret()] }),
    },
    body,
    // A receiver that redirects would get the body sent to wherever it says.
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`The receiver answered ${answer.status}.`);
}

/** For as long as a request of someone may still run who had a session when they closed their account. */
const underWayMs = 2000;

/** Erases whoever closed their account. It may begin anew at any point, after a crash for one. */
async function erase({ payload }: DeliveredEvent): Promise<void> {
  const person = accountClosedSchema.parse(payload);
  await sleep(underWayMs);
  await eraseEverywhere(
    { pagespace: pagespace(), ait: ait(), tasks: tasks(), tenancy: await tenancy() },
    person,
  );
  forgetTasksUser(person);
  forgetOrganisations(person);
}

/** Relays the outbox of the workspace from now on. On PGlite there is no LISTEN, so it polls. */
export function startWebhooks(): void {
  const url = process.env.DEMO_WEBHOOKS;
  if (started.isStarted || !url) return;
  started.isStarted = true;
  startRelay(pagespaceClient(), {
    handlers: {
      [messageTopic]: (event, signal) => send(url, event, signal),
      [accountClosed]: erase,
    },
    listens: !isOnPglite('pagespace'),
    onError: (error) => console.error(error),
  });
}
