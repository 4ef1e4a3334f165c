'use server';
import { changePassword, verifyPassword } from '@pagespace/db';
import { ForbiddenError } from '@reference/kit';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { secondsToWait } from '@/server/rate-limit.ts';

const passwords = z.object({
  present: z.string().min(1).max(200),
  next: z.string().min(1).max(200),
});

/** @returns a problem; a right password leads to the sign-in page, since every session is over */
export async function setPassword(input: z.input<typeof passwords>) {
  const result = await act(input, {
    schema: passwords,
    query: async ({ present, next }, { userId, email }) => {
      if (secondsToWait(`password of ${userId}`, 5) > 0) {
        throw new ForbiddenError('Too many attempts. Wait a quarter of an hour and try again.');
      }
      if (!(await verifyPassword(pagespace(), { email, password: present }))) {
        throw new ForbiddenError('This is not your present password.');
      }
      await changePassword(pagespace(), { userId, password: next });
    },
  });
  if (result.ok) redirect('/sign-in');
  return result.problem;
}
