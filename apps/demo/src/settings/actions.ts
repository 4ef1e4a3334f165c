'use server';
// A person's own settings.
import {
  closeAccount as close,
  deleteProviderSettings,
  insertMcpTokenSchema,
  insertNotificationPreferenceSchema,
  insertUserProviderSettingSchema,
  issueMcpToken,
  revokeMcpToken,
  revokeSession,
  revokeSessions,
  selectMcpTokenSchema,
  selectSessionSchema,
  setNotificationPreference,
  setProviderSettings,
} from '@pagespace/db';
import { InvalidInputError } from '@reference/kit';
import { requireErasable } from '@reference/tenancy';
import { z } from 'zod';
import { membershipsOf } from '@/erasure/erase-everywhere.ts';
import { act } from '@/server/action.ts';
import { keyring, pagespace, tenancy } from '@/server/databases.ts';

const revalidate = '/settings';

const oneSession = z.object({ sessionId: selectSessionSchema.shape.id });
export const endSession = async (input: z.input<typeof oneSession>) =>
  act(input, {
    schema: oneSession,
    query: ({ sessionId }, { userId }) =>
      revokeSession(pagespace(), { userId, sessionId, reason: 'ended by its owner' }),
    revalidate,
  });

export const endOtherSessions = async () =>
  act(
    {},
    {
      schema: z.object({}),
      query: (_, { userId, sessionId }) =>
        revokeSessions(pagespace(), {
          userId,
          exceptSessionId: sessionId,
          reason: 'ended by its owner',
        }),
      revalidate,
    },
  );

const wish = insertNotificationPreferenceSchema.pick({
  type: true,
  emailEnabled: true,
  pushEnabled: true,
  inAppEnabled: true,
});
export const setWish = async (input: z.input<typeof wish>) =>
  act(input, {
    schema: wish,
    query: (ways, { userId }) => setNotificationPreference(pagespace(), { userId, ...ways }),
    revalidate,
  });

const newToken = insertMcpTokenSchema
  .pick({ name: true, scopes: true })
  .extend({ days: z.int().min(1).max(400) });
export const issueToken = async (input: z.input<typeof newToken>) =>
  act(input, {
    schema: newToken,
    query: ({ days, ...token }, { userId }) =>
      issueMcpToken(pagespace(), { userId, ...token, lifetimeSeconds: days * 86_400 }),
    revalidate,
  });

const oneToken = z.object({ mcpTokenId: selectMcpTokenSchema.shape.id });
export const revokeToken = async (input: z.input<typeof oneToken>) =>
  act(input, {
    schema: oneToken,
    query: ({ mcpTokenId }, { userId }) => revokeMcpToken(pagespace(), { userId, mcpTokenId }),
    revalidate,
  });

const { provider } = insertUserProviderSettingSchema.shape;
const newKey = z.object({ provider, apiKey: z.string().min(1).max(1000) });
export const saveKey = async (input: z.input<typeof newKey>) =>
  act(input, {
    schema: newKey,
    query: (values, { userId }) =>
      setProviderSettings(pagespace(), { userId, keyring: keyring(), ...values }),
    revalidate,
  });

const oneProvider = z.object({ provider });
export const forgetKey = async (input: z.input<typeof oneProvider>) =>
  act(input, {
    schema: oneProvider,
    query: ({ provider }, { userId }) => deleteProviderSettings(pagespace(), { userId, provider }),
    revalidate,
  });

const confirmed = z.object({ email: z.string().max(320) });
/** Closes the account; a worker erases it in every database. Refused while others depend on it. */
export const closeAccount = async (input: z.input<typeof confirmed>) =>
  act(input, {
    schema: confirmed,
    query: async ({ email }, person) => {
      if (email.trim().toLowerCase() !== person.email.toLowerCase()) {
        throw new InvalidInputError('That is not the address of this account.');
      }
      const organisations = await tenancy();
      for (const member of await membershipsOf(organisations, person.email)) {
        await requireErasable(organisations, member);
      }
      await close(pagespace(), { userId: person.userId });
    },
  });
