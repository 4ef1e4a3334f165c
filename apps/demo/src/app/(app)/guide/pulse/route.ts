import { getSession } from '@/server/session.ts';
import { forgetRequest } from '@/statements/requests.ts';

/** Whether the database answers now, and to which process: the guide asks while it kills the server. */
export async function GET(): Promise<Response> {
  try {
    const session = await getSession();
    if (!session) return new Response(null, { status: 401 });
    forgetRequest(session.sessionId);
    return Response.json({ pid: process.pid }, { headers: { 'cache-control': 'no-store' } });
  } catch {
    return new Response(null, { status: 503 });
  }
}
