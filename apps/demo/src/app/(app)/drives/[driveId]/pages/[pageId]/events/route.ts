import { requirePage } from '@pagespace/db';
import { onChannelChange } from '@/server/channel-changes.ts';
import { isOnPglite, pagespace } from '@/server/databases.ts';
import { codeOf } from '@/server/error-code.ts';
import { getSession } from '@/server/session.ts';

const heartbeatMs = 25_000;

/**
 * Server-sent events: one whenever something changed in a channel. They say nothing of what; the
 * browser reads the messages again, and whoever lost the right meanwhile reads nothing.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ pageId: string }> },
): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  const { pageId } = await params;
  try {
    await requirePage(pagespace(), { userId: session.userId, pageId });
  } catch (error) {
    return new Response(null, { status: codeOf(error) === 'NOT_FOUND' ? 404 : 500 });
  }
  if (isOnPglite('pagespace')) return new Response(null, { status: 404 });

  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const stop = await onChannelChange(pageId, () => send('data: changed\n\n'));
      const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
      end = () => {
        clearInterval(heartbeat);
        stop();
      };
      request.signal.addEventListener('abort', () => {
        end();
        controller.close();
      });
      send('data: ready\n\n');
    },
    cancel: () => end(),
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
}
