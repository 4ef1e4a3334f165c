// Loaded into the web server's process. Next gives pages a request's headers and not its connection,
// and a header like x-forwarded-for is whatever the client says. So the connection's address goes
// into a header whose name is new at every start. Behind a proxy, this is the place to read its own.
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';

const name = `x-peer-${randomUUID()}`;
process.env.DEMO_PEER_HEADER = name;
subscribe('http.server.request.start', ({ request }) => {
  request.headers[name] = request.socket.remoteAddress ?? 'unknown';
});
