import type { Socket } from 'node:net';
import { openTap } from './tap.ts';

/** Counts a driver's statements. Close it after the pool that uses it. */
export interface StatementCounter {
  /** The same database through the counter, for a pool of any driver. */
  readonly url: string;
  /**
   * The texts of the statements that a call sends, in their order, without those that begin, end
   * and set up a transaction, and without a driver's own queries of the catalog.
   */
  during(call: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

const letter = (text: string): number => text.charCodeAt(0);
const [PARSE, BIND, EXECUTE, CLOSE, QUERY] = ['P', 'B', 'E', 'C', 'Q'].map(letter);

/** The texts up to the first two zero bytes of a message; the second may be empty. */
const textsIn = (body: Buffer): [string, string] => {
  const first = body.indexOf(0);
  const second = body.indexOf(0, first + 1);
  return [
    body.toString('utf8', 0, first),
    second === -1 ? '' : body.toString('utf8', first + 1, second),
  ];
};

const IS_NO_QUERY =
  /^\s*(begin|start\s+transaction|commit|rollback|savepoint|release|set|reset|discard|deallocate)\b|\bpg_(catalog\.)?type\b/i;

/** Reads every statement of one connection. */
const listen = (client: Socket, server: Socket, heard: (text: string) => void): void => {
  const prepared = new Map<string, string>();
  const bound = new Map<string, string>();
  const read = (type: number | undefined, body: Buffer): void => {
    const [first, second] = textsIn(body);
    if (type === QUERY) heard(first);
    else if (type === PARSE) prepared.set(first, second);
    else if (type === BIND) bound.set(first, prepared.get(second) ?? '');
    else if (type === EXECUTE) heard(bound.get(first) ?? '');
    else if (type === CLOSE && body[0] === letter('S')) prepared.delete(first.slice(1));
  };
  let rest: Buffer = Buffer.alloc(0);
  // Only the startup message has no letter.
  let started = false;
  client.on('data', (chunk: Buffer) => {
    server.write(chunk);
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = started ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return;
      if (started) read(rest[0], rest.subarray(5, length));
      started = true;
      rest = rest.subarray(length);
    }
  });
};

/**
 * Opens a counter in front of a database without TLS, so that a test can require as many statements
 * for fifty rows as for one.
 *
 * @example
 * const counter = await openStatementCounter(url);
 * const pool = postgres(counter.url);
 * expect(await counter.during(() => listPages(pool))).toHaveLength(1);
 */
export const openStatementCounter = async (target: string): Promise<StatementCounter> => {
  const heard: string[] = [];
  const tap = await openTap(
    target,
    (client, server) =>
      listen(client, server, (text) => {
        if (!IS_NO_QUERY.test(text)) heard.push(text);
      }),
    (server, client) => server.on('data', (chunk) => client.write(chunk)),
  );
  return {
    ...tap,
    during: async (call) => {
      heard.length = 0;
      await call();
      return heard.splice(0);
    },
  };
};
