'use server';
// Actions of a page's history.
import {
  diffPageVersions,
  listPageVersions,
  restorePageVersion,
  selectPageSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const { id: pageId, revision } = selectPageSchema.shape;

const onePage = z.object({ pageId });
export const readHistory = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) => listPageVersions(pagespace(), { userId, pageId, limit: 50 }),
  });

const two = z.object({ pageId, from: revision, to: revision });
export const compareVersions = async (input: z.input<typeof two>) =>
  act(input, {
    schema: two,
    query: async ({ pageId, from, to }, { userId }) => {
      const { changes } = await diffPageVersions(pagespace(), { userId, pageId, from, to });
      return changes;
    },
  });

const back = z.object({ pageId, version: revision, revision });
export const restoreVersion = async (input: z.input<typeof back>) =>
  act(input, {
    schema: back,
    query: async ({ pageId, version, revision }, { userId }) => {
      const page = await restorePageVersion(pagespace(), { userId, pageId, version, revision });
      return { revision: page.revision };
    },
    revalidate: '/drives',
  });
