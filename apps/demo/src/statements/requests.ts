// The statements of each request: always counted, recorded for the statements panel while
// DEMO_STATEMENTS is set, which the demo does on this machine. In memory, and without values.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { StatementCaller, StatementEnd } from '@reference/kit';
import type { DatabaseName } from '../server/database-names.ts';
import { processWide } from '../server/process-wide.ts';

/** A statement that a request sent. */
export interface SentStatement {
  readonly database: DatabaseName;
  readonly text: string;
  readonly caller: StatementCaller;
  /** Milliseconds after the request's start. */
  readonly sentAfterMs: number;
  /** Sent when the answer was out already: nobody waited for it. */
  readonly isAfterAnswer: boolean;
  /** Undefined while it runs. */
  end?: StatementEnd;
}

/** A request to this server, and what it asked of the databases so far. */
export interface AskedRequest {
  readonly id: string;
  readonly method: string;
  /** The path, and the names of what its query asks. */
  readonly address: string;
  readonly startedAt: number;
  /** When the answer was out, on the same clock. */
  answeredAt?: number;
  /** A page, which the status line tells of; not a list that a page asks for, or an action. */
  isPage: boolean;
  /** Statements until the answer was out. */
  count: number;
  /** The recorded statements, in the order of sending. */
  readonly statements: SentStatement[];
}

interface Requests {
  readonly current: AsyncLocalStorage<AskedRequest>;
  /** By session, the latest last. */
  readonly ofSession: Map<string, AskedRequest[]>;
}

const { current, ofSession }: Requests = processWide('reference-demo-requests', () => ({
  current: new AsyncLocalStorage<AskedRequest>(),
  ofSession: new Map(),
}));

const mostSessions = 200;
const mostRequests = 30;
const mostStatements = 200;

/** Whether statements are recorded, and not only counted. */
export const isRecording = (): boolean => process.env.DEMO_STATEMENTS === '1';

/** Begins a request's record: what happens after this call in the same context belongs to it. */
export function beginRequest(method: string, url: string): AskedRequest {
  const request: AskedRequest = {
    id: randomUUID(),
    method,
    address: addressOf(url),
    startedAt: performance.now(),
    isPage: false,
    count: 0,
    statements: [],
  };
  current.enterWith(request);
  return request;
}

/** Keeps only the names of a query string, because its values may be private. `_rsc` is Next's own. */
function addressOf(url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const names = [...searchParams.keys()].filter((name) => name !== '_rsc');
  return names.length > 0 ? `${pathname}?${names.join('&')}` : pathname;
}

/** The request of this asynchronous context; undefined outside of one. */
export const currentRequest = (): AskedRequest | undefined => current.getStore();

/** Keeps the present request for whoever made it: their latest thirty. */
export function keepRequest(sessionId: string): void {
  const request = current.getStore();
  if (!request) return;
  const kept = ofSession.get(sessionId) ?? [];
  if (kept.includes(request)) return;
  kept.push(request);
  if (kept.length > mostRequests) kept.shift();
  ofSession.delete(sessionId);
  ofSession.set(sessionId, kept);
  const [oldest] = ofSession.keys();
  if (ofSession.size > mostSessions && oldest !== undefined) ofSession.delete(oldest);
}

/** Takes the present request out again: the panel's own are of no interest. */
export function forgetRequest(sessionId: string): void {
  const request = current.getStore();
  const kept = ofSession.get(sessionId);
  if (request && kept) kept.splice(kept.indexOf(request), 1);
}

/** A session's requests that sent a statement, the latest first. */
export const requestsOf = (sessionId: string): readonly AskedRequest[] =>
  (ofSession.get(sessionId) ?? []).filter(({ count }) => count > 0).reverse();

/** The last page that a session looked at; undefined before its first. */
export const lastPage = (sessionId: string): AskedRequest | undefined =>
  ofSession.get(sessionId)?.findLast(({ isPage }) => isPage);

/** `onStatement` of every client: the driver calls it in the context of whoever asked. */
function countStatement(): void {
  const request = current.getStore();
  if (request && request.answeredAt === undefined) request.count += 1;
}

/** A tenant's id travels in the text of a setting, where a parameter cannot. */
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const noUuid = '00000000-0000-0000-0000-000000000000';

/** `trace` of every client. */
const recordStatement = (database: DatabaseName) => (text: string, caller: StatementCaller) => {
  const request = current.getStore();
  if (!request || request.statements.length >= mostStatements) return undefined;
  const statement: SentStatement = {
    database,
    text: text.trim().replaceAll(uuid, noUuid),
    caller,
    sentAfterMs: performance.now() - request.startedAt,
    isAfterAnswer: request.answeredAt !== undefined,
  };
  request.statements.push(statement);
  return (end: StatementEnd) => {
    statement.end = end;
  };
};

/** Client options of the demo: they count and record every statement. */
export const watched = (database: DatabaseName) => ({
  onStatement: countStatement,
  ...(isRecording() ? { trace: recordStatement(database) } : {}),
});
