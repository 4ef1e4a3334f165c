'use server';
import { insertUserSchema, verifyPassword } from '@pagespace/db';
import { parseInput } from '@reference/kit';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { listOrganisations } from '@/knowledge/organisations.ts';
import { pagespace } from '@/server/databases.ts';
import { problemOf } from '@/server/problems.ts';
import { forgetAttempts, secondsToWait } from '@/server/rate-limit.ts';
import { caller, getSession, signOutHere, startSession } from '@/server/session.ts';
import { tasksUserId } from '@/tasks/tasks-user.ts';

const credentials = insertUserSchema
  .pick({ email: true })
  .extend({ password: z.string().min(1, 'is missing').max(200) });

export interface SignInState {
  readonly email: string;
  readonly problem?: string;
}

/** Five attempts at one address, and fifty from one place, in a quarter of an hour. */
export async function signIn(_: SignInState, form: FormData): Promise<SignInState> {
  const email = String(form.get('email') ?? '').slice(0, 320);
  try {
    const input = parseInput(credentials, { email, password: form.get('password') });
    const { ipAddress } = await caller();
    const byAddress = `address ${input.email.toLowerCase()}`;
    const seconds = Math.max(
      secondsToWait(byAddress, 5),
      secondsToWait(`place ${ipAddress ?? 'unknown'}`, 50),
    );
    if (seconds > 0) {
      const minutes = Math.ceil(seconds / 60);
      return {
        email,
        problem: `Too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`,
      };
    }
    const user = await verifyPassword(pagespace(), input);
    if (!user) return { email, problem: 'No account has this address and password.' };
    forgetAttempts(byAddress);
    await startSession(user.id);
    // Should one of these databases be away, its own screens say so; the others work.
    await Promise.allSettled([tasksUserId({ ...user, userId: user.id }), listOrganisations(user)]);
  } catch (error) {
    return { email, problem: problemOf(error).message };
  }
  redirect('/drives');
}

/** Ends this browser's session. */
export async function signOut(): Promise<void> {
  const session = await getSession();
  if (session) await signOutHere(session);
  redirect('/sign-in');
}
