import net from 'node:net';

/**
 * Stands between a client and a server, and answers as a Citus coordinator does where that differs from
 * PostgreSQL (observed on Citus main of 2026-05 with PostgreSQL 17):
 *
 * - a message with a `SET LOCAL` outside of a `DO` block and another statement is refused (XX000), since
 *   Citus forwards it whole to its workers;
 * - several statements that begin with ALTER in one message are refused;
 * - a violation arrives without the fields that name its constraint and table, and with the shard's
 *   number behind the names in its message.
 *
 * It records every simple-query message.
 */
export interface CitusProxy {
  readonly url: string;
  readonly messages: string[];
  close(): Promise<void>;
}

export async function startCitusProxy(target: string): Promise<CitusProxy> {
  const messages: string[] = [];
  const sockets = new Set<net.Socket>();
  const { hostname, port } = new URL(target);
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port || 5432), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on(
      'data',
      reader({ startup: true }, (message) => upstream.write(asCitusHears(message, messages))),
    );
    upstream.on(
      'data',
      reader({ startup: false }, (message) => client.write(asCitusAnswers(message))),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    messages,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Cuts a stream into messages. The first of a client has no type byte. */
function reader({ startup }: { startup: boolean }, onMessage: (message: Buffer) => void) {
  let pending = Buffer.alloc(0);
  let started = !startup;
  return (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const typed = started ? 1 : 0;
      if (pending.length < typed + 4) return;
      const length = typed + pending.readInt32BE(typed);
      if (pending.length < length) return;
      started = true;
      onMessage(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  };
}

const isQuery = (message: Buffer) => message[0] === 'Q'.charCodeAt(0) && message.length > 5;
const isError = (message: Buffer) => message[0] === 'E'.charCodeAt(0) && message.length > 5;

function asCitusHears(message: Buffer, messages: string[]): Buffer {
  if (!isQuery(message)) return message;
  const text = message.toString('utf8', 5, message.length - 1);
  messages.push(text);
  const refusal = refusalOf(text);
  if (!refusal) return message;
  // Raised by the server itself, so that the transaction ends as it would.
  return typed(
    'Q',
    `do $$begin raise exception using errcode = 'XX000', message = '${refusal}'; end$$\0`,
  );
}

function refusalOf(text: string): string | undefined {
  const statements = text
    .replaceAll(/\$\$.*?\$\$/gs, '')
    .split(';')
    .map((statement) => statement.trim().toLowerCase())
    .filter(Boolean);
  if (statements.length < 2) return undefined;
  if (statements.some((statement) => statement.startsWith('set local'))) {
    return 'cannot execute a distributed query from a query on a shard';
  }
  if (statements.every((statement) => statement.startsWith('alter'))) {
    return 'cannot insert multiple commands into a prepared statement';
  }
  return undefined;
}

function asCitusAnswers(message: Buffer): Buffer {
  if (!isError(message)) return message;
  const fields = new Map(
    message
      .toString('utf8', 5)
      .split('\0')
      .filter(Boolean)
      .map((field) => [field.charAt(0), field.slice(1)]),
  );
  const code = fields.get('C') ?? '';
  if (!code.startsWith('23')) return message;
  for (const field of ['n', 't', 's', 'c']) fields.delete(field);
  const shard = (text: string) =>
    text.replaceAll(/(constraint|table|relation) "([^"]+)"/g, '$1 "$2_102008"');
  const said = fields.get('M') ?? '';
  fields.set('M', code === '23514' ? said : shard(said));
  return typed('E', `${[...fields].map(([name, value]) => `${name}${value}\0`).join('')}\0`);
}

function typed(type: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}
