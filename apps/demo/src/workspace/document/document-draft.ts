import { z } from 'zod';
import type { Draft } from '@/ui/drafts.tsx';

const draftSchema = z.object({
  content: z.string(),
  /** The revision that the writer read; saving over another revision is a conflict. */
  revision: z.int(),
});
export type DocumentDraft = z.output<typeof draftSchema>;

/** @returns undefined when nothing was left unsaved */
export function readDraft(stored: Draft): DocumentDraft | undefined {
  try {
    return draftSchema.parse(JSON.parse(stored.read()));
  } catch {
    return undefined;
  }
}

export const writeDraft = (stored: Draft, draft: DocumentDraft | undefined): void =>
  stored.keep(draft ? JSON.stringify(draft) : '');
