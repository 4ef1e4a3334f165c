import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DbError, transaction } from '@reference/kit';
import { applyOnce } from '@reference/kit/inbox';
import { appendEvents } from '@reference/kit/outbox';
import { type EventHandler, relayOnce } from '@reference/kit/outbox-relay';
import { signWebhook, verifyWebhook } from '@reference/kit/webhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../workspace.ts';

// From the change to what another system did about it, over HTTP.
const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
let workspace: Workspace;
let url: string;
const server = createServer((request, response) => {
  void answer(request, response);
});

/** The receiver's behaviour after its work is done: it answers, fails, or hangs up. */
type Ending = 'answers' | 'fails' | 'hangs up';
let endings: Ending[];
/** The bodies that a webhook's receiver applied, and the e-mails that went out. */
let applied: string[];
let mails: Map<string, string>;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const ending = endings.shift() ?? 'answers';
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString();
  if (ending === 'fails') {
    response.writeHead(503).end();
    return;
  }
  let status = 204;
  if (request.url === '/mail') {
    // As the trade's mail services do it: a repeated key is the same e-mail.
    mails.set(String(request.headers['idempotency-key']), body);
  } else {
    try {
      const headers = new Headers(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const { id } = verifyWebhook({ headers, body, secrets: [secret] });
      await applyOnce(workspace.db, { source: 'test', messageId: id }, async () => {
        applied.push(body);
      });
    } catch (error) {
      status = error instanceof DbError && error.code === 'FORBIDDEN' ? 401 : 500;
    }
  }
  if (ending === 'hangs up') request.socket.destroy();
  else response.writeHead(status).end();
}

beforeAll(async () => {
  workspace = await openWorkspace();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await workspace.close();
});
beforeEach(async () => {
  await workspace.sql`truncate outbox_events, dead_events, inbox_messages`;
  endings = [];
  applied = [];
  mails = new Map();
});

async function post(path: string, headers: Record<string, string>, body: string): Promise<number> {
  const answered = await fetch(`${url}${path}`, { method: 'POST', headers, body });
  await answered.body?.cancel();
  return answered.status;
}

async function mustAccept(answered: Promise<number>): Promise<void> {
  if ((await answered) !== 204) throw new Error('It was not accepted.');
}

const webhook: EventHandler = ({ id, payload }) => {
  const body = JSON.stringify(payload);
  return mustAccept(post('/webhooks', signWebhook({ id, body, secrets: [secret] }), body));
};
const mail: EventHandler = ({ id, payload }) =>
  mustAccept(post('/mail', { 'idempotency-key': id }, JSON.stringify(payload)));
const handlers = { 'page.shared': webhook, 'mail.invitation': mail };

const share = (fails = false) =>
  transaction(workspace.db, async (tx) => {
    await appendEvents(tx, {
      events: [
        { key: 'page p', topic: 'page.shared', payload: { pageId: 'p' } },
        { key: 'mail m', topic: 'mail.invitation', payload: { invitationId: 'm' } },
      ],
    });
    if (fails) throw new Error('The change is not made.');
  });
const relay = async () => {
  await workspace.sql`update outbox_events set "dueAt" = now() - interval '1 s' where "deliveredAt" is null`;
  return relayOnce(workspace.db, { handlers });
};
const waiting = async () => {
  const [row] =
    await workspace.sql`select count(*)::int as n from outbox_events where "deliveredAt" is null`;
  return row?.n;
};

test('a change that is made sends its webhook and its e-mail; one that is not sends nothing', async () => {
  await expect(share(true)).rejects.toThrow('not made');
  expect(await relay()).toBe(0);
  await share();
  expect(await relay()).toBe(2);
  expect(applied).toEqual(['{"pageId":"p"}']);
  expect([...mails.values()]).toEqual(['{"invitationId":"m"}']);
  expect(await waiting()).toBe(0);
});

test('a receiver that fails, or dies after its work, is told again and applies it once', async () => {
  await share();
  endings = ['fails', 'fails'];
  expect(await relay()).toBe(2);
  expect([applied.length, mails.size, await waiting()]).toEqual([0, 0, 2]);
  endings = ['hangs up', 'hangs up'];
  expect(await relay()).toBe(2);
  expect([applied.length, mails.size, await waiting()]).toEqual([1, 1, 2]);
  expect(await relay()).toBe(2);
  expect([applied.length, mails.size, await waiting()]).toEqual([1, 1, 0]);
});

test('a repeated webhook changes nothing; a changed, unsigned or old one is refused', async () => {
  const body = '{"pageId":"p"}';
  const headers = signWebhook({ id: 'one', body, secrets: [secret] });
  expect(await post('/webhooks', headers, body)).toBe(204);
  expect(await post('/webhooks', headers, body)).toBe(204);
  expect(applied).toHaveLength(1);
  expect(await post('/webhooks', headers, '{"pageId":"q"}')).toBe(401);
  expect(await post('/webhooks', {}, body)).toBe(401);
  for (const minutes of [-10, 10]) {
    const at = new Date(Date.now() + minutes * 60_000);
    const old = signWebhook({ id: 'two', body, secrets: [secret], at });
    expect(await post('/webhooks', old, body)).toBe(401);
  }
  expect(applied).toHaveLength(1);
});
