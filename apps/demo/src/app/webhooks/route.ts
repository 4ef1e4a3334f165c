// Receives the workspace's webhooks, as another system would: verified, and applied once.
import { appendActivityLogs } from '@pagespace/db';
import { parseInput } from '@reference/kit';
import { applyOnce } from '@reference/kit/inbox';
import { verifyWebhook } from '@reference/kit/webhooks';
import { pagespace } from '@/server/databases.ts';
import { problemOf } from '@/server/problems.ts';
import { messageWebhook } from '@/webhooks/events.ts';
import { webhookSecret } from '@/webhooks/secret.ts';

const mostBytes = 200_000;

export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? mostBytes + 1) > mostBytes) {
    return new Response(null, { status: 413 });
  }
  try {
    const body = await request.text();
    const { id } = verifyWebhook({ headers: request.headers, body, secrets: [webhookSecret()] });
    const { topic, messageId, pageId } = parseInput(messageWebhook, JSON.parse(body));
    await applyOnce(pagespace(), { source: 'workspace', messageId: id }, async (tx) => {
      await appendActivityLogs(tx, { lines: [{ action: topic, pageId, after: { messageId } }] });
    });
    return new Response(null, { status: 204 });
  } catch (error) {
    const { code } = problemOf(error);
    if (code === 'FORBIDDEN') return new Response(null, { status: 401 });
    if (code === 'INVALID_INPUT') return new Response(null, { status: 400 });
    // Any answer but 2xx lets the sender try again.
    return new Response(null, { status: 503 });
  }
}
