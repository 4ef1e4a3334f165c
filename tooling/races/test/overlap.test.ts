import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { overlap } from '../src/index.ts';

/** Two of its three connections wait until the transaction of the first has ended. */
function database() {
  let commit = () => {};
  const committed = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let waiting = 0;
  return {
    connections: ['opener', 'one', 'other'],
    countWaiting: async () => {
      await sleep(1);
      return waiting;
    },
    begin: async <T>(_: string, work: (tx: string) => Promise<T>) => {
      const value = await work('tx');
      commit();
      return value;
    },
    async wait() {
      waiting++;
      await committed;
      waiting--;
    },
  };
}

test('tells which calls waited for the transaction, in their order, and how they ended', async () => {
  const { wait, ...on } = database();
  const events: string[] = [];
  const { value, later } = await overlap({
    ...on,
    first: async (tx) => tx,
    calls: [
      async (connection) => {
        events.push(`${connection} starts`);
        await wait();
        throw new Error('refused');
      },
      async (connection) => {
        events.push(`${connection} starts`);
        return 'done';
      },
    ],
  });
  expect([value, events]).toEqual(['tx', ['one starts', 'other starts']]);
  expect(later).toMatchObject([{ waited: true }, { waited: false }]);
  await expect(later[0]?.outcome).rejects.toThrow('refused');
  expect(await later[1]?.outcome).toBe('done');
});

test('takes a connection for the transaction and for each call', async () => {
  const { wait, ...on } = database();
  const calls = [wait, wait, wait];
  await expect(overlap({ ...on, first: async () => {}, calls })).rejects.toThrow(
    /a connection for/,
  );
});
