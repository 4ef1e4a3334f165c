'use server';
// Links with which anyone reads a page.
import {
  createShareLink,
  insertShareLinkSchema,
  listShareLinks,
  openShareLink,
  revokeShareLink,
  selectShareLinkSchema,
} from '@pagespace/db';
import { parseInput } from '@reference/kit';
import { headers } from 'next/headers';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { problemOf } from '@/server/problems.ts';

const { id: linkId, pageId } = selectShareLinkSchema.shape;

const onePage = z.object({ pageId });
export const readLinks = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: async ({ pageId }, { userId }) => {
      const { items } = await listShareLinks(pagespace(), { userId, pageId, limit: 100 });
      return items.map((link) => ({
        ...link,
        isOpen:
          !link.revokedAt &&
          link.expiresAt > new Date() &&
          (link.maxUses === null || link.uses < link.maxUses),
      }));
    },
  });

const newLink = insertShareLinkSchema
  .pick({ pageId: true, maxUses: true })
  .extend({ days: z.int().min(1).max(365) });
export const makeLink = async (input: z.input<typeof newLink>) =>
  act(input, {
    schema: newLink,
    query: async ({ days, ...link }, { userId }) => {
      const made = await createShareLink(pagespace(), {
        ...link,
        userId,
        lifetimeSeconds: days * 86_400,
      });
      const asked = await headers();
      const origin = asked.get('origin') ?? `http://${asked.get('host')}`;
      return { url: `${origin}/shared/${made.token}` };
    },
  });

const oneLink = z.object({ linkId });
export const endLink = async (input: z.input<typeof oneLink>) =>
  act(input, {
    schema: oneLink,
    query: ({ linkId }, { userId }) => revokeShareLink(pagespace(), { userId, linkId }),
  });

const held = z.object({ token: z.string().max(200) });
/** Opens a link for whoever holds it, signed in or not: one use. */
export const openLink = async (input: z.input<typeof held>) => {
  try {
    return { ok: true, value: await openShareLink(pagespace(), parseInput(held, input)) } as const;
  } catch (error) {
    return { ok: false, problem: problemOf(error) } as const;
  }
};
