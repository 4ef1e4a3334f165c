import type { Socket } from 'node:net';
import { openTap } from './tap.ts';

/** A proxy to a server that reads and removes the notices that carry plans. */
export interface Wire {
  /** The same database, through the wire. */
  readonly url: string;
  /** The texts since the last call, in the order in which the server sent them. */
  take(): string[];
  close(): Promise<void>;
}

const NOTICE = 'N'.charCodeAt(0);

/**
 * The message field of a NoticeResponse, whose fields are a letter and a text ended by a zero byte.
 */
const messageIn = (body: Buffer): string => {
  for (let place = 0; place < body.length && body[place] !== 0; ) {
    const end = body.indexOf(0, place);
    if (body[place] === 'M'.charCodeAt(0)) return body.toString('utf8', place + 1, end);
    place = end + 1;
  }
  return '';
};

/** Passes the server's messages on, except auto_explain's notices. */
const filter = (server: Socket, client: Socket, plans: string[]): void => {
  let rest: Buffer = Buffer.alloc(0);
  server.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const passed: Buffer[] = [];
    while (rest.length >= 5) {
      const length = 1 + rest.readUInt32BE(1);
      if (rest.length < length) break;
      const message = rest.subarray(0, length);
      const text = message[0] === NOTICE ? messageIn(message.subarray(5)) : '';
      const start = text.startsWith('duration: ') ? text.indexOf('plan:') : -1;
      if (start === -1) passed.push(message);
      else plans.push(text.slice(start + 'plan:'.length));
      rest = rest.subarray(length);
    }
    if (passed.length > 0) client.write(Buffer.concat(passed));
  });
};

/** Opens a wire to a database without TLS, which reads the plans of any driver's statements. */
export const openWire = async (target: string): Promise<Wire> => {
  const plans: string[] = [];
  const tap = await openTap(
    target,
    (client, server) => client.on('data', (chunk) => server.write(chunk)),
    (server, client) => filter(server, client, plans),
  );
  return { ...tap, take: () => plans.splice(0) };
};
