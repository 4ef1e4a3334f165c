import { codeOf } from './error-code.ts';
import { problemOf } from './problems.ts';
import { getSession, type SignedIn } from './session.ts';

const statusOf = { NOT_FOUND: 404, FORBIDDEN: 404, INVALID_INPUT: 404, CONFLICT: 409 } as const;

/**
 * Answers a GET of the application's own pages in JSON, for whoever is signed in. A row that someone may
 * not see does not exist for them.
 */
export async function answer(query: (session: SignedIn) => Promise<unknown>): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  try {
    return Response.json(await query(session), { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    const code = codeOf(error);
    const status = code in statusOf ? statusOf[code as keyof typeof statusOf] : 500;
    if (status === 404) return new Response(null, { status });
    return Response.json(problemOf(error), { status });
  }
}
