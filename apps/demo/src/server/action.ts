// Every server action parses with the package's Zod schema, calls one query function and revalidates.
import { parseInput } from '@reference/kit';
import { revalidatePath } from 'next/cache';
import { isRedirectError } from 'next/dist/client/components/redirect-error';
import type { z } from 'zod';
import { type Problem, problemOf } from './problems.ts';
import { renewSession, requireSession, type SignedIn } from './session.ts';

export type ActionResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Runs an action for whoever is signed in. A browser can send anything, so `input` is unknown until
 * the schema has read it; ids in it carry no right, the query function checks that.
 *
 * @param options.schema what the action takes, made of the package's own schemas
 * @param options.query the one query function that does it
 * @param options.revalidate the path whose pages show the change; without it, the caller's list does
 * @returns the query's answer, or a problem to show; never throws but for a missing session
 */
export async function act<S extends z.ZodType, T>(
  input: unknown,
  options: {
    readonly schema: S;
    readonly query: (input: z.output<S>, session: SignedIn) => Promise<T>;
    readonly revalidate?: string;
  },
): Promise<ActionResult<T>> {
  const session = await requireSession();
  try {
    const value = await options.query(parseInput(options.schema, input), session);
    await renewSession(session);
    if (options.revalidate) revalidatePath(options.revalidate, 'layout');
    return { ok: true, value };
  } catch (error) {
    if (isRedirectError(error)) throw error;
    return { ok: false, problem: problemOf(error) };
  }
}
