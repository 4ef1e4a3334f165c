import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { race, raceRounds } from '../src/index.ts';

afterEach(() => vi.unstubAllEnvs());

/** A counter whose increment reads, waits and writes: what a missing lock looks like. */
async function increment(_: string, counter: { value: number }): Promise<number> {
  const { value } = counter;
  await sleep(1);
  counter.value = value + 1;
  return counter.value;
}

const lost = {
  name: 'increment × increment',
  connections: ['one', 'other'],
  setup: async () => ({ value: 0 }),
  calls: [increment, increment],
  check: ({ value }: { value: number }) => expect(value).toBe(2),
};

test('an update that is lost is found, and the failure says how often', async () => {
  await expect(race({ ...lost, rounds: 20, spreadMs: 0 })).rejects.toThrow(
    /^increment × increment: 20 of 20 rounds broke\. The first: .*expected 1 to be 2/s,
  );
});

test('every round has its own scene, and each call its own connection', async () => {
  const seen: string[] = [];
  const report = await race({
    name: 'two writers',
    connections: ['one', 'other'],
    setup: async (round) => round,
    calls: [
      async (connection, round) => seen.push(`${connection} ${round}`),
      async (connection, round) => seen.push(`${connection} ${round}`),
    ],
    check: () => {},
    rounds: 3,
  });
  expect(seen.sort()).toEqual(['one 0', 'one 1', 'one 2', 'other 0', 'other 1', 'other 2']);
  expect(report).toEqual({ rounds: 3, outcomes: new Map([['ok + ok', 3]]) });
});

test.each([
  ['CONFLICT', false],
  ['NOT_FOUND', false],
  ['FORBIDDEN', false],
  ['INVALID_INPUT', false],
  ['DATABASE', true],
  ['UNAVAILABLE', true],
  [undefined, true],
])('an error with the code %s breaks a round: %s', async (code, breaks) => {
  const refuse = async () => {
    throw Object.assign(new Error('refused'), code === undefined ? {} : { code });
  };
  const run = race({
    name: 'refused',
    connections: [1, 2],
    setup: async () => 0,
    calls: [refuse, async () => {}],
    check: () => {},
    rounds: 2,
  });
  if (breaks) await expect(run).rejects.toThrow(/2 of 2 rounds broke.*call 1 crashed/s);
  else expect((await run).outcomes).toEqual(new Map([[`${code} + ok`, 2]]));
});

test('now one and now the other call comes first', async () => {
  const firsts = new Set<string>();
  await race({
    name: 'who is first',
    connections: ['one', 'other'],
    setup: async () => [] as string[],
    calls: [async (name, order) => order.push(name), async (name, order) => order.push(name)],
    check: (order) => {
      firsts.add(order.join());
    },
    rounds: 60,
  });
  expect([...firsts].sort()).toEqual(['one,other', 'other,one']);
});

test('RACE_ROUNDS sets the rounds and must be a number', () => {
  vi.stubEnv('RACE_ROUNDS', '');
  expect(raceRounds()).toBe(50);
  vi.stubEnv('RACE_ROUNDS', '500');
  expect(raceRounds()).toBe(500);
  vi.stubEnv('RACE_ROUNDS', 'many');
  expect(raceRounds).toThrow(/RACE_ROUNDS must be/);
});

test('a race without an opponent, or without a connection for each call, is refused', async () => {
  await expect(race({ ...lost, calls: [increment] })).rejects.toThrow(/two calls or more/);
  await expect(race({ ...lost, connections: ['one'] })).rejects.toThrow(/a connection for each/);
});
