import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy to a server that reads the traffic. */
export interface Tap {
  /** The same database, through the tap. */
  readonly url: string;
  close(): Promise<void>;
}

/** Passes bytes on, and may look at them or keep some back. */
export type Passage = (from: Socket, to: Socket) => void;

/** The first message of a client that requests TLS or GSSAPI before its startup message. */
const ENCRYPTION_REQUESTS = [80877103, 80877104];

/**
 * Calls `onward` with a client's startup message and the bytes after it. It answers a request for
 * encryption with "no" itself, because the server's answer would be one byte without a length, and
 * a notice starts with the same one.
 */
const afterEncryption = (client: Socket, onward: (start: Buffer) => void): void => {
  let start: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    start = Buffer.concat([start, chunk]);
    while (start.length >= 8 && ENCRYPTION_REQUESTS.includes(start.readUInt32BE(4))) {
      client.write('N');
      start = start.subarray(8);
    }
    if (start.length < 8) return;
    client.off('data', read);
    onward(start);
  };
  client.on('data', read);
};

/**
 * Opens a tap to a database without TLS, for any driver.
 *
 * @param toServer handles the client's bytes, from the startup message on
 * @param toClient handles the server's bytes
 */
export const openTap = async (
  target: string,
  toServer: Passage,
  toClient: Passage,
): Promise<Tap> => {
  const address = new URL(target);
  const sockets = new Set<Socket>();
  const tap = createServer((client) => {
    const server = connect(Number(address.port || 5432), address.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    afterEncryption(client, (start) => {
      toServer(client, server);
      client.emit('data', start);
    });
    toClient(server, client);
  });
  tap.listen(0, '127.0.0.1');
  await once(tap, 'listening');
  const place = tap.address();
  const own = new URL(target);
  own.hostname = '127.0.0.1';
  own.port = typeof place === 'object' && place ? String(place.port) : '';
  return {
    url: own.href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      tap.close();
      await once(tap, 'close');
    },
  };
};
