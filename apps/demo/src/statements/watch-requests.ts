import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { processWide } from '../server/process-wide.ts';
import { type AskedRequest, beginRequest } from './requests.ts';

const watching = processWide('reference-demo-watching', () => ({ isOn: false }));
const begun = new WeakMap<object, AskedRequest>();

const requestOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 'request' in message
    ? message.request
    : undefined;

/** Begins a record for each request that Node's server takes, and ends it with the answer. */
export function watchRequests(): void {
  if (watching.isOn) return;
  watching.isOn = true;
  subscribe('http.server.request.start', (message) => {
    const request = requestOf(message);
    if (!(request instanceof IncomingMessage)) return;
    begun.set(request, beginRequest(request.method ?? 'GET', request.url ?? '/'));
  });
  subscribe('http.server.response.finish', (message) => {
    const request = requestOf(message);
    const record = request instanceof IncomingMessage ? begun.get(request) : undefined;
    if (record) record.answeredAt = performance.now();
  });
}
