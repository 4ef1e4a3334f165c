'use server';
import { changePassword, verifyPassword } from '@pagespace/db';
import { ForbiddenError } from '@reference/kit';
import { countRequest, forgetRequests } from '@reference/kit/rate-limit';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { tooMany } from '@/sign-in/attempts.ts';

const passwords = z.object({
  present: z.string().min(1).max(200),
  next: z.string().min(1).max(200),
});

/** Changes a person's own password; with it every session of theirs is over. */
export async function setPassword(input: z.input<typeof passwords>) {
  return act(input, {
    schema: passwords,
    query: async ({ present, next }, { userId, email }) => {
      const limit = { key: `password change of ${userId}`, windowSeconds: 900 };
      const attempt = await countRequest(pagespace(), { ...limit, most: 5 });
      if (!attempt.isAllowed) throw new ForbiddenError(tooMany(attempt.secondsLeft));
      if (!(await verifyPassword(pagespace(), { email, password: present }))) {
        throw new ForbiddenError('This is not your present password.');
      }
      await forgetRequests(pagespace(), limit);
      await changePassword(pagespace(), { userId, password: next });
    },
  });
}
