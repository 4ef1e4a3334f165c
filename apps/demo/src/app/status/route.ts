import { lastRequest } from '@/server/last-request.ts';
import { getSession } from '@/server/session.ts';

/** What the last page of whoever asks took, for the status line. */
export async function GET(): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  return Response.json(lastRequest(session.sessionId) ?? null);
}
