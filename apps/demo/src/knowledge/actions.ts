'use server';

import {
  addDocument,
  deleteDocument,
  hashingEmbedder,
  listDocuments,
  withTenant,
} from '@reference/tenancy';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { tenancy } from '@/server/databases.ts';
import { ingestionOf, startIngestion } from './ingestions.ts';
import { requireOrganisation } from './organisations.ts';

const inOrganisation = z.object({ organisation: z.string() });

export async function moreDocuments(input: unknown) {
  return act(input, {
    schema: inOrganisation.extend({ after: z.string() }),
    query: async ({ organisation, after }, session) => {
      const { tenantId } = await requireOrganisation(session, organisation);
      return withTenant(await tenancy(), tenantId, (tx) => listDocuments(tx, { after, limit: 25 }));
    },
  });
}

/** @returns the ingestion's id: splitting and embedding go on after the answer */
export async function startDocument(input: unknown) {
  return act(input, {
    schema: inOrganisation.extend({
      title: z.string().trim().min(1).max(300),
      text: z.string().trim().min(1),
    }),
    query: async ({ organisation, title, text }, session) => {
      const { tenantId } = await requireOrganisation(session, organisation);
      const open = await tenancy();
      return startIngestion(session.userId, (onProgress) =>
        addDocument(
          open,
          tenantId,
          { title, text, mimeType: 'text/markdown' },
          { embedder: hashingEmbedder(), onProgress },
        ),
      );
    },
  });
}

export async function followIngestion(input: unknown) {
  const answer = await act(input, {
    schema: z.object({ id: z.string() }),
    query: async ({ id }, { userId }) => ingestionOf(userId, id),
  });
  if (answer.ok && answer.value.added) revalidatePath('/knowledge', 'layout');
  return answer;
}

export async function removeDocument(input: unknown) {
  return act(input, {
    schema: inOrganisation.extend({ documentId: z.string() }),
    query: async ({ organisation, documentId }, session) => {
      const { tenantId } = await requireOrganisation(session, organisation);
      return withTenant(await tenancy(), tenantId, (tx) => deleteDocument(tx, { documentId }));
    },
    revalidate: '/knowledge',
  });
}
