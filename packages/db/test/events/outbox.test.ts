import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError, InvalidInputError, NotFoundError, transaction } from '@reference/kit';
import { appendEvents, type EventInput } from '@reference/kit/outbox';
import { type DeliveredEvent, relayOnce, startRelay } from '@reference/kit/outbox-relay';
import { emptyOldestOutboxDay, redeliverEvent } from '@reference/kit/outbox-retention';
import { capabilities } from '@reference/local-postgres';
import { sql as statement } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDb } from '../../src/client.ts';
import { untilBlocked } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(() => workspace.sql`truncate outbox_events, dead_events`);

const write = (...events: (EventInput | string)[]) =>
  transaction(workspace.db, (tx) =>
    appendEvents(tx, {
      events: events.map((event) =>
        typeof event === 'string' ? { key: event, topic: 'test', payload: {} } : event,
      ),
    }),
  );
const makeDue = () =>
  workspace.sql`update outbox_events set "dueAt" = now() - interval '1 ms' where "deliveredAt" is null`;
const waiting = () =>
  workspace.sql`select key, attempts, "lastError", extract(epoch from "dueAt" - now())::float as "dueIn" from outbox_events where "deliveredAt" is null order by position`;

/** A handler that notes what it got, and fails as long as `fails` says so. */
function recorder(fails: (event: DeliveredEvent) => boolean = () => false) {
  const got: DeliveredEvent[] = [];
  return {
    got,
    handlers: {
      test: async (event: DeliveredEvent) => {
        got.push(event);
        if (fails(event)) throw new Error('secret-canary');
      },
    },
  };
}

test('an event is delivered once its transaction has committed, with its id and payload', async () => {
  const { db } = workspace;
  const { ids } = await write({ key: 'a', topic: 'test', payload: { n: 1, deep: ['ü', null] } });
  const { got, handlers } = recorder();
  expect(await relayOnce(db, { handlers })).toBe(1);
  expect(got).toEqual([
    { id: ids[0], key: 'a', topic: 'test', payload: { n: 1, deep: ['ü', null] }, attempt: 1 },
  ]);
  expect(await relayOnce(db, { handlers })).toBe(0);
});

test('an event that is due this millisecond is taken, although "dueAt" is rounded up to the next', async () => {
  await write('a');
  const { handlers } = recorder();
  let missed = 0;
  for (let round = 0; round < 200; round += 1) {
    await workspace.sql`update outbox_events set "deliveredAt" = null, "dueAt" = clock_timestamp()`;
    if ((await relayOnce(workspace.db, { handlers })) === 0) missed += 1;
  }
  expect(missed).toBe(0);
});

test('an event of a transaction that failed is never delivered', async () => {
  const { db } = workspace;
  const failed = transaction(db, async (tx) => {
    await appendEvents(tx, { events: [{ key: 'a', topic: 'test', payload: {} }] });
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  expect(await relayOnce(db, recorder())).toBe(0);
});

test('events of one key come one after the other, those of others at the same time', async () => {
  const { db } = workspace;
  await write('a', 'a', 'b', 'a', 'c');
  const { got, handlers } = recorder();
  expect(await relayOnce(db, { handlers })).toBe(3);
  expect(got.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
  expect(await relayOnce(db, { handlers })).toBe(1);
  expect(await relayOnce(db, { handlers })).toBe(1);
});

test('a failed event waits 1, 2, 4 … seconds, holds up its key alone, and keeps no value', async () => {
  const { db } = workspace;
  await write('a', 'a', 'b');
  const { got, handlers } = recorder(({ key }) => key === 'a');
  const pauses = [];
  for (let n = 0; n < 4; n += 1) {
    await relayOnce(db, { handlers });
    const [first, second] = await waiting();
    expect(first).toMatchObject({ key: 'a', attempts: n + 1, lastError: 'Error' });
    expect(second).toMatchObject({ key: 'a', attempts: 0 });
    pauses.push(first?.dueIn);
    expect(await relayOnce(db, { handlers })).toBe(0);
    await makeDue();
  }
  for (const [n, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThan(2 ** n * 0.75 - 0.5);
    expect(pause).toBeLessThan(2 ** n * 1.25);
  }
  expect(got.map(({ key, attempt }) => `${key}${attempt}`).sort()).toEqual([
    'a1',
    'a2',
    'a3',
    'a4',
    'b1',
  ]);
});

test('after its attempts an event is dead, and the next of its key goes on; it can be delivered again', async () => {
  const { db } = workspace;
  const { ids } = await write('a', 'a');
  const { got, handlers } = recorder(({ id }) => id === ids[0]);
  for (let n = 0; n < 3; n += 1) {
    await relayOnce(db, { handlers, mostAttempts: 3 });
    await makeDue();
  }
  await relayOnce(db, { handlers, mostAttempts: 3 });
  expect(got.map(({ id }) => ids.indexOf(id))).toEqual([0, 0, 0, 1]);
  const dead = () => workspace.sql`select id, key, attempts, "lastError" from dead_events`;
  expect(await dead()).toMatchObject([{ id: ids[0], key: 'a', attempts: 3, lastError: 'Error' }]);
  expect(await waiting()).toHaveLength(0);

  await redeliverEvent(db, { id: ids[0] ?? '' });
  const again = recorder();
  expect(await relayOnce(db, again)).toBe(1);
  expect(again.got).toMatchObject([{ id: ids[0], attempt: 1 }]);
  expect(await dead()).toEqual([]);
  await expect(redeliverEvent(db, { id: ids[0] ?? '' })).rejects.toThrow(NotFoundError);
});

test('a topic without a handler fails and is not lost', async () => {
  const { db } = workspace;
  await write({ key: 'a', topic: 'unknown', payload: {} });
  await relayOnce(db, { handlers: {} });
  expect(await waiting()).toMatchObject([{ attempts: 1, lastError: 'Error' }]);
});

test('an error whose text cannot be stored holds up its event no longer than any other', async () => {
  const { db } = workspace;
  await write('a');
  const handlers = {
    test: async () => {
      // Cut at 500 characters, it ends in half a character.
      throw new ConflictError(`\0${'x'.repeat(499)}😀`);
    },
  };
  await relayOnce(db, { handlers, mostAttempts: 2 });
  expect(await waiting()).toMatchObject([{ attempts: 1, lastError: `${'x'.repeat(499)}\ufffd` }]);
  await makeDue();
  await relayOnce(db, { handlers, mostAttempts: 2 });
  expect(await waiting()).toEqual([]);
  expect(await workspace.sql`select key from dead_events`).toEqual([{ key: 'a' }]);
});

test('if the outcome of an event cannot be stored, the others of the batch end first', async () => {
  const { db, sql } = workspace;
  await write('a', 'b');
  const ended: string[] = [];
  const test = async ({ key }: DeliveredEvent) => {
    if (key === 'b') await sleep(300);
    ended.push(key);
  };
  await sql`alter table outbox_events add constraint never_a check (key <> 'a' or "deliveredAt" is null)`;
  try {
    await expect(relayOnce(db, { handlers: { test } })).rejects.toThrow();
  } finally {
    await sql`alter table outbox_events drop constraint never_a`;
  }
  expect(ended).toEqual(['a', 'b']);
  expect(await waiting()).toMatchObject([{ key: 'a', attempts: 1 }]);
});

test('a relay whose lease has ended changes nothing of the event that another has taken', async () => {
  const { db } = workspace;
  await write('a');
  let second = 0;
  const slow = async () => {
    // The lease ends while this one is still at it; another takes the event, and fails.
    await makeDue();
    second = await relayOnce(
      db,
      recorder(() => true),
    );
  };
  await relayOnce(db, { handlers: { test: slow } });
  expect(second).toBe(1);
  expect(await waiting()).toMatchObject([{ attempts: 2, lastError: 'Error' }]);
});

test('a handler is told when its lease ends', async () => {
  const { db } = workspace;
  await write('a');
  let isTold = false;
  const stuck = (_: DeliveredEvent, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        isTold = true;
        reject(signal.reason);
      });
    });
  await relayOnce(db, { handlers: { test: stuck }, leaseSeconds: 0.1 });
  expect(isTold).toBe(true);
});

test('a payload may have 100,000 characters', async () => {
  const payload = { text: 'x'.repeat(100_000 - JSON.stringify({ text: '' }).length) };
  await write({ key: 'a', topic: 'test', payload });
  const longer = { text: `${payload.text}x` };
  await expect(write({ key: 'a', topic: 'test', payload: longer })).rejects.toThrow(
    InvalidInputError,
  );
  expect(await waiting()).toHaveLength(1);
});

test.each<EventInput>([
  { key: '', topic: 'test', payload: {} },
  { key: 'a', topic: 'Not a topic', payload: {} },
  { key: 'a', topic: 'test', payload: { text: 'x'.repeat(100_001) } },
])('an event that is none is refused', async (event) => {
  await expect(write(event)).rejects.toThrow(InvalidInputError);
});

describe('retention', () => {
  /** The partition that tomorrow's events go to. */
  const tomorrow = () => (Math.floor(Date.now() / 86_400_000) + 1) % 8;
  const fill = (day: number, delivered: boolean) =>
    workspace.sql`insert into outbox_events (day, key, topic, payload, "deliveredAt") values (${day}, 'a', 'test', '{}', ${delivered ? new Date().toISOString() : null})`;
  const days = async () =>
    (await workspace.sql`select day from outbox_events order by day`).map(({ day }) => day);

  test('today’s events stay, those of the day that comes round are gone', async () => {
    const { db } = workspace;
    await write('a');
    const today = (tomorrow() + 7) % 8;
    expect(await days()).toEqual([today]);
    for (let day = 0; day < 8; day += 1) if (day !== today) await fill(day, true);
    expect(await emptyOldestOutboxDay(db)).toBe('truncated');
    expect(await days()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].filter((day) => day !== tomorrow()));
    expect(await emptyOldestOutboxDay(db)).toBe('empty');
  });

  test('what still waits is kept, what was delivered beside it is not', async () => {
    const { db } = workspace;
    await fill(tomorrow(), true);
    await fill(tomorrow(), false);
    expect(await emptyOldestOutboxDay(db)).toBe('deleted');
    expect(await waiting()).toHaveLength(1);
    expect(await days()).toHaveLength(1);
  });

  test.skipIf(!capabilities.concurrency)(
    'an event written while it is decided is not lost',
    async () => {
      const { db, sql } = workspace;
      await fill(tomorrow(), true);
      const writer = createDb({ url: workspace.url, max: 1 });
      for (const holdMs of [60, 400]) {
        await sql`delete from outbox_events where key = 'late'`;
        let hasWritten = () => {};
        const inserted = new Promise<void>((resolve) => {
          hasWritten = resolve;
        });
        const written = transaction(writer.db, async (tx) => {
          // Its clock is ahead of this server's, so it writes to the partition that counts as the oldest.
          await tx.execute(
            statement`insert into outbox_events (day, key, topic, payload) values (${tomorrow()}, 'late', 'test', '{}')`,
          );
          hasWritten();
          await sleep(holdMs);
        });
        await inserted;
        expect(await emptyOldestOutboxDay(db)).not.toBe('truncated');
        await written;
        expect(await waiting()).toMatchObject([{ key: 'late' }]);
      }
      await writer.close();
    },
  );
});

describe.skipIf(!capabilities.concurrency)('relays at once', () => {
  test('two writers of one key: the second waits until the first has committed', async () => {
    const [one, two] = [1, 2].map(() => createDb({ url: workspace.url, max: 1 }));
    if (!one || !two) throw new Error('No clients.');
    const writeAs = (client: typeof one, name: string, then: () => Promise<void>) =>
      transaction(client.db, async (tx) => {
        await appendEvents(tx, { events: [{ key: 'a', topic: 'test', payload: { name } }] });
        await then();
      });
    const order: string[] = [];
    let second: Promise<void> | undefined;
    try {
      await writeAs(one, 'first', async () => {
        second = writeAs(two, 'second', async () => void order.push('second'));
        await untilBlocked(workspace);
        order.push('first');
      });
      await second;
      expect(order).toEqual(['first', 'second']);
      const { got, handlers } = recorder();
      while ((await relayOnce(workspace.db, { handlers })) > 0);
      expect(got.map(({ payload }) => payload.name)).toEqual(order);
    } finally {
      await second?.catch(() => undefined);
      await Promise.all([one.close(), two.close()]);
    }
  });

  test('a dead event that is delivered again comes behind what a writer of its key has not committed', async () => {
    const { db, sql } = workspace;
    const [dead] = await sql`insert into dead_events (id, position, key, topic, payload, attempts)
      values (gen_random_uuid(), 1, 'a', 'test', '{"name": "dead"}', 3) returning id`;
    const writer = createDb({ url: workspace.url, max: 1 });
    let isDone = false;
    let redelivered: Promise<void> = Promise.resolve();
    await transaction(writer.db, async (tx) => {
      await appendEvents(tx, { events: [{ key: 'a', topic: 'test', payload: { name: 'open' } }] });
      redelivered = redeliverEvent(db, { id: String(dead?.id) }).finally(() => {
        isDone = true;
      });
      await untilBlocked(workspace, () => isDone);
      // Delivered now, it would be at the receiver together with the one before it.
      expect(await relayOnce(db, recorder())).toBe(0);
    });
    await redelivered;
    const { got, handlers } = recorder();
    while ((await relayOnce(db, { handlers })) > 0);
    expect(got.map(({ payload }) => payload.name)).toEqual(['open', 'dead']);
    await writer.close();
  });

  test('writers of the same keys in other orders do not deadlock', async () => {
    const clients = [1, 2].map(() => createDb({ url: workspace.url, max: 1 }));
    const event = (key: string) => ({ key, topic: 'test', payload: {} });
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        clients.map(({ db }, which) =>
          // Without a retry a deadlock would be an error.
          transaction(
            db,
            (tx) =>
              appendEvents(tx, {
                events: which ? [event('a'), event('b')] : [event('b'), event('a')],
              }),
            { retries: 0 },
          ),
        ),
      );
    }
    await Promise.all(clients.map(({ close }) => close()));
  });

  test('four relays share 400 events of 20 keys: each is delivered once, each key in order', async () => {
    const relays = Array.from({ length: 4 }, () => createDb({ url: workspace.url, max: 4 }));
    try {
      for (let n = 0; n < 20; n += 1) {
        await write(
          ...Array.from({ length: 20 }, (_, key) => ({
            key: `k${key}`,
            topic: 'test',
            payload: { n },
          })),
        );
      }
      const { got, handlers } = recorder();
      await Promise.all(
        relays.map(async ({ db }) => {
          for (let idle = 0; idle < 20; )
            idle = (await relayOnce(db, { handlers, batch: 5 })) > 0 ? 0 : idle + 1;
        }),
      );
      expect(got).toHaveLength(400);
      for (let key = 0; key < 20; key += 1) {
        const order = got
          .filter((event) => event.key === `k${key}`)
          .map(({ payload }) => payload.n);
        expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
      }
    } finally {
      await Promise.all(relays.map(({ close }) => close()));
    }
  });

  test('a commit wakes a relay that listens; without NOTIFY its poll finds the event', async () => {
    const client = createDb({ url: workspace.url, max: 4 });
    const { got, handlers } = recorder();
    const until = async (count: number) => {
      const end = Date.now() + 30_000;
      while (got.length < count && Date.now() < end) await sleep(5);
      return got.length;
    };
    const listening = startRelay(client, { handlers, pollSeconds: 3600 });
    await sleep(200);
    await write('woken');
    expect(await until(1)).toBe(1);
    await listening.stop();

    const polling = startRelay(client, { handlers, pollSeconds: 0.1, listens: false });
    await sleep(50);
    await write('polled');
    expect(await until(2)).toBe(2);
    await polling.stop();
    await write('after the end');
    await sleep(150);
    expect(got).toHaveLength(2);
    await client.close();
  });

  test('a relay that finds nothing asks again at its next poll, not at once', async () => {
    let asked = 0;
    const onStatement = () => {
      asked += 1;
    };
    const client = createDb({ url: workspace.url, max: 2, onStatement });
    const relay = startRelay(client, { handlers: {}, pollSeconds: 3600, listens: false });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0), { timeout: 30_000 });
    const afterFirst = asked;
    await sleep(300);
    expect(asked - afterFirst).toBeLessThan(3);
    await relay.stop();
    await client.close();
  });
});
