'use server';
import { insertUserSchema, verifyPassword } from '@pagespace/db';
import { parseInput } from '@reference/kit';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { listOrganisations } from '@/knowledge/organisations.ts';
import type { ActionResult } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { type Problem, problemOf } from '@/server/problems.ts';
import { requireSession, signOutHere, startSession } from '@/server/session.ts';
import { tasksUserId } from '@/tasks/tasks-user.ts';
import { countSignIn, tooMany } from './attempts.ts';

const credentials = insertUserSchema
  .pick({ email: true })
  .extend({ password: z.string().min(1, 'is missing').max(200) });

const refused = (message: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code: 'FORBIDDEN', message },
});

/** Signs in, in the browser that asks. @returns where to go, or a problem that tells nothing of who exists */
export async function signInHere(form: FormData): Promise<ActionResult<string>> {
  try {
    const input = parseInput(credentials, {
      email: String(form.get('email') ?? '').slice(0, 320),
      password: form.get('password'),
    });
    const attempt = await countSignIn(input.email);
    if (attempt.secondsToWait > 0) return refused(tooMany(attempt.secondsToWait));
    const user = await verifyPassword(pagespace(), input);
    if (!user) {
      const wait = attempt.secondsForPlace;
      return refused(wait > 0 ? tooMany(wait) : 'No account has this address and password.');
    }
    await attempt.succeeded();
    await startSession(user.id);
    // Should one of these databases be away, its own screens say so; the others work.
    await Promise.allSettled([tasksUserId({ ...user, userId: user.id }), listOrganisations(user)]);
    return { ok: true, value: '/guide' };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

export interface SignInState {
  readonly email: string;
  readonly problem?: string;
}

/** The same for a browser that has not loaded the scripts yet, or never does. */
export async function signIn(_: SignInState, form: FormData): Promise<SignInState> {
  const result = await signInHere(form);
  if (result.ok) redirect(result.value);
  return { email: String(form.get('email') ?? ''), problem: result.problem.message };
}

/** Ends this browser's session. */
export async function signOut(): Promise<ActionResult<undefined>> {
  const session = await requireSession();
  try {
    await signOutHere(session);
    return { ok: true, value: undefined };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}
