import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { executeRows } from './execute-rows.ts';
import { keptError } from './kept-error.ts';
import { outboxChannel } from './outbox.ts';

type Schema = Record<string, unknown>;

/** An event as its handler gets it. */
export interface DeliveredEvent {
  readonly id: string;
  readonly key: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 at the first. */
  readonly attempt: number;
}

/**
 * Delivers an event, perhaps for a second time. It throws to report a failure. `signal` aborts when
 * the lease ends.
 */
export type EventHandler = (event: DeliveredEvent, signal: AbortSignal) => Promise<void>;

export interface RelayOptions {
  /** By topic. An event of a topic without one fails, and is dead after its attempts. */
  readonly handlers: Readonly<Record<string, EventHandler>>;
  /** How many keys' events are delivered at the same time; default 20. */
  readonly batch?: number;
  /** How long a handler may take; after that another relay takes the event. Default 60. */
  readonly leaseSeconds?: number;
  /** After that many an event is dead; default 15, which is about six hours. */
  readonly mostAttempts?: number;
}

interface Taken extends Record<string, unknown> {
  readonly day: number;
  readonly position: string;
  readonly id: string;
  readonly key: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

/**
 * Delivers what is due: takes at most `batch` events, each the first of its key that waits, and calls
 * their handlers at the same time. Any number of relays share the work. A relay that dies leaves its
 * events to be taken again when their lease ends, so each is delivered at least once.
 *
 * A failed event is due again after 1, 2, 4 … seconds, at most an hour, give or take a quarter. After
 * `mostAttempts` it moves to `dead_events` and the next of its key goes on. If the outcome of one cannot be
 * stored, the others end first; then it throws.
 *
 * @returns how many events it took; call again until it is 0
 */
export async function relayOnce<S extends Schema>(
  db: Database<S>,
  options: RelayOptions,
): Promise<number> {
  const { batch = 20, leaseSeconds = 60 } = options;
  const taken = await take(db, batch, leaseSeconds);
  const deliveries = await Promise.allSettled(taken.map((event) => deliver(db, event, options)));
  const failed = deliveries.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return taken.length;
}

/** One statement. A lease is `dueAt` in the future, so a taken event looks like one that has to wait. */
async function take<S extends Schema>(
  db: Database<S>,
  batch: number,
  leaseSeconds: number,
): Promise<Taken[]> {
  return executeRows<Taken>(
    db,
    sql`
    with due as materialized (
      select e.day, e.position from outbox_events e
      where e."deliveredAt" is null
        -- Rounded as "dueAt" is: what was due a moment ago may lie up to half a millisecond ahead.
        and e."dueAt" <= statement_timestamp()::timestamptz(3)
        and not exists (
          select from outbox_events earlier
          where earlier.key = e.key and earlier.position < e.position and earlier."deliveredAt" is null
        )
      order by e."dueAt", e.position
      limit ${batch}
      for update of e skip locked
    )
    update outbox_events e set
      attempts = e.attempts + 1,
      "dueAt" = statement_timestamp() + make_interval(secs => ${leaseSeconds}),
      "updatedAt" = now()
    from due where e.day = due.day and e.position = due.position
    returning e.day, e.position::text as position, e.id, e.key, e.topic, e.payload, e.attempts
  `,
  );
}

async function deliver<S extends Schema>(
  db: Database<S>,
  event: Taken,
  { handlers, leaseSeconds = 60, mostAttempts = 15 }: RelayOptions,
): Promise<void> {
  const { id, key, topic, payload, attempts } = event;
  const signal = AbortSignal.timeout(leaseSeconds * 1000);
  try {
    const handler = Object.hasOwn(handlers, topic) ? handlers[topic] : undefined;
    if (!handler) throw new Error(`No handler for the topic ${topic}.`);
    await handler({ id, key, topic, payload, attempt: attempts }, signal);
  } catch (error) {
    await (attempts >= mostAttempts ? bury : retryLater)(db, event, keptError(error));
    return;
  }
  await db.execute(
    sql`update outbox_events set "deliveredAt" = now(), "lastError" = null, "updatedAt" = now() where ${stillOurs(event)}`,
  );
}

/** If our lease ended and another relay took the event, that relay has raised its attempts. */
const stillOurs = ({ day, position, attempts }: Taken) =>
  sql`day = ${day} and position = ${position} and attempts = ${attempts} and "deliveredAt" is null`;

async function retryLater<S extends Schema>(
  db: Database<S>,
  event: Taken,
  lastError: string,
): Promise<void> {
  const pause = Math.min(2 ** (event.attempts - 1), 3600) * (0.75 + Math.random() / 2);
  await db.execute(
    sql`update outbox_events set "dueAt" = statement_timestamp() + make_interval(secs => ${pause}), "lastError" = ${lastError}, "updatedAt" = now() where ${stillOurs(event)}`,
  );
}

async function bury<S extends Schema>(
  db: Database<S>,
  event: Taken,
  lastError: string,
): Promise<void> {
  await db.execute(sql`
    with dead as (
      delete from outbox_events where ${stillOurs(event)}
      returning id, position, key, topic, payload, attempts
    )
    insert into dead_events (id, position, key, topic, payload, attempts, "lastError")
    select id, position, key, topic, payload, attempts, ${lastError} from dead
  `);
}

/** Listens for notifications: the `sql` of postgres.js, or a few lines around another driver. */
export interface Listener {
  /**
   * @param onNotify is called for each notification
   * @param onListen is called when it listens, and again after each reconnection
   */
  listen(
    channel: string,
    onNotify: (payload: string) => void,
    onListen?: () => void,
  ): Promise<{ unlisten(): Promise<void> }>;
}

export interface Relay {
  /** Stops it after its current deliveries. */
  stop(): Promise<void>;
}

/**
 * Relays until it is stopped: whenever an event commits (NOTIFY wakes it), and every `pollSeconds`,
 * because a notification may be lost. While the database does not answer, it tries again at every
 * poll.
 *
 * @param client a client of `createClient`, or a handle and a listener on its database
 * @param options.pollSeconds default 5
 * @param options.listens whether to hold a connection that listens; default true. False behind a
 *   pooler in transaction mode
 * @param options.onError gets an error that keeps the relay from working; an event's failure is in
 *   its row instead
 */
export function startRelay<S extends Schema>(
  client: { readonly db: Database<S>; readonly sql: Listener },
  options: RelayOptions & {
    readonly pollSeconds?: number;
    readonly listens?: boolean;
    readonly onError?: (error: unknown) => void;
  },
): Relay {
  const { pollSeconds = 5, listens = true, onError = () => {} } = options;
  let isStopped = false;
  let isWoken = false;
  let wake = () => {};
  const wakeUp = () => {
    isWoken = true;
    wake();
  };
  const listening = listens
    ? client.sql.listen(outboxChannel, wakeUp, wakeUp).catch((error: unknown) => {
        onError(error);
        return undefined;
      })
    : Promise.resolve(undefined);

  const run = async () => {
    while (!isStopped) {
      // Commits from here on wake it again; only now may it look.
      isWoken = false;
      try {
        while (!isStopped && (await relayOnce(client.db, options)) > 0);
      } catch (error) {
        onError(error);
      }
      if (!isStopped && !isWoken) await pause();
    }
  };
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollSeconds * 1000);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const running = run();
  return {
    async stop() {
      isStopped = true;
      wakeUp();
      await running;
      await (await listening)?.unlisten();
    },
  };
}
