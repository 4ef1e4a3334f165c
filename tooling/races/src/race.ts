import { setTimeout as sleep } from 'node:timers/promises';

/** The outcome of one call of a round. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly error: unknown };

/** The codes of errors that are an answer: the loser of a race may get one. */
const answers = new Set(['NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'INVALID_INPUT']);

/** Settles a call. An error's literal `code` is its outcome; an error without one is `ERROR`. */
async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'ERROR';
    return { ok: false, code, error };
  }
}

/** @throws the call's own error, when it is a crash and not an answer */
function rejectCrash(outcome: Outcome, which: number): void {
  if (outcome.ok || answers.has(outcome.code)) return;
  const { error, code } = outcome;
  const message = error instanceof Error ? error.message : String(error);
  throw new Error(`call ${which + 1} crashed with ${code}: ${message}`, { cause: error });
}

/** Two or more calls that may meet, and what must be true whoever comes first. */
export interface Race<Connection, Scene> {
  /** Names the race in its report: `trashPage × restorePage`. */
  readonly name: string;
  /** One for each call, and each a session of its own: clients with a pool of one. */
  readonly connections: readonly Connection[];
  /** Makes what a round races over. Rows of earlier rounds may stay. */
  readonly setup: (round: number) => Promise<Scene>;
  /** The calls, each on the connection of its place. */
  readonly calls: readonly ((connection: Connection, scene: Scene) => Promise<unknown>)[];
  /** Throws when a round ended in a state that must not be. */
  readonly check: (scene: Scene, outcomes: readonly Outcome[]) => Promise<void> | void;
  /** Default: RACE_ROUNDS, else 50. */
  readonly rounds?: number;
  /** The longest head start that a call gets over another, in milliseconds; default 4. */
  readonly spreadMs?: number;
}

export interface RaceReport {
  readonly rounds: number;
  /** How often each combination came about: `ok + CONFLICT`. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/**
 * Runs calls at once, each on a connection of its own, round after round. Every call waits a random
 * moment first, so that now one and now the other is ahead. A call may succeed, or be refused with
 * NOT_FOUND, CONFLICT, FORBIDDEN or INVALID_INPUT; any other error breaks the round, as does a
 * `check` that throws. All rounds are run, so that the failure tells how often it happens.
 *
 * @throws Error naming the race, how many rounds broke, and the first of their reasons
 */
export async function race<Connection, Scene>(of: Race<Connection, Scene>): Promise<RaceReport> {
  const { calls, connections, rounds = raceRounds() } = of;
  if (calls.length < 2 || connections.length < calls.length) {
    throw new Error(`${of.name}: a race takes two calls or more, and a connection for each.`);
  }
  const outcomes = new Map<string, number>();
  const broken: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    const scene = await of.setup(round);
    const settled = await runRound(of, scene);
    const combination = settled.map((one) => (one.ok ? 'ok' : one.code)).join(' + ');
    outcomes.set(combination, (outcomes.get(combination) ?? 0) + 1);
    try {
      for (const [which, outcome] of settled.entries()) rejectCrash(outcome, which);
      await of.check(scene, settled);
    } catch (error) {
      broken.push(error);
    }
  }
  if (process.env.RACE_ROUNDS) console.log(reportLine(of.name, rounds, outcomes, broken.length));
  if (broken.length > 0) throw brokenRace(of.name, rounds, broken);
  return { rounds, outcomes };
}

function runRound<Connection, Scene>(
  { calls, connections, spreadMs = 4 }: Race<Connection, Scene>,
  scene: Scene,
): Promise<Outcome[]> {
  // All but one start late, each by its own time: a delay of zero for all is the closest race.
  const first = Math.floor(Math.random() * calls.length);
  return Promise.all(
    calls.map(async (call, which) => {
      const connection = connections[which];
      if (connection === undefined) throw new Error('A call has no connection.');
      const delay = which === first ? 0 : Math.random() * spreadMs;
      if (delay >= 0.5) await sleep(delay);
      return outcomeOf(() => call(connection, scene));
    }),
  );
}

function reportLine(
  name: string,
  rounds: number,
  outcomes: ReadonlyMap<string, number>,
  broken: number,
): string {
  const counts = [...outcomes].sort(([, one], [, other]) => other - one);
  const parts = counts.map(([combination, count]) => `${combination} ${count}`);
  return `${name}: ${rounds} rounds, ${broken} broken (${parts.join(', ')})`;
}

function brokenRace(name: string, rounds: number, broken: readonly unknown[]): Error {
  const [first] = broken;
  const reason = first instanceof Error ? first.message : String(first);
  return new Error(`${name}: ${broken.length} of ${rounds} rounds broke. The first: ${reason}`, {
    cause: first,
  });
}

/** How often a race is run: RACE_ROUNDS, which `pnpm races` sets to 500, else 50. */
export function raceRounds(): number {
  const given = process.env.RACE_ROUNDS;
  if (given === undefined || given === '') return 50;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`RACE_ROUNDS must be a whole number from 1, not ${given}.`);
  }
  return rounds;
}
