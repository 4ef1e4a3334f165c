import { getSession } from '@/server/session.ts';
import { forgetRequest, isRecording, lastPage } from '@/statements/requests.ts';

/** The cost of the caller's last page, for the status line. */
export async function GET(): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  forgetRequest(session.sessionId);
  const page = lastPage(session.sessionId);
  if (!page) return Response.json(null);
  const { count, startedAt, answeredAt = performance.now() } = page;
  return Response.json({
    statements: count,
    ms: Math.round(answeredAt - startedAt),
    isRecorded: isRecording(),
  });
}
