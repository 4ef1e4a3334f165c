'use client';
import type { PageDetail } from '@pagespace/db';
import { Pencil } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { useDraft } from '@/ui/drafts.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { type DocumentDraft, readDraft, writeDraft } from './document-draft.ts';
import { DocumentEditor } from './document-editor.tsx';
import { Markdown } from './markdown.tsx';

interface DocumentViewProps {
  readonly page: Pick<PageDetail, 'id' | 'content' | 'revision'>;
  readonly canEdit: boolean;
}

/** A Markdown document: read, or written with its preview beside it. Unsaved words are kept. */
export function DocumentView({ page, canEdit }: DocumentViewProps) {
  const stored = useDraft(`page ${page.id}`);
  const [draft, setDraft] = useState<DocumentDraft>();
  // A draft of an earlier visit, to be gone on with: the server knows nothing of it.
  useEffect(() => {
    if (canEdit) setDraft(readDraft(stored));
  }, [canEdit, stored]);
  const change = (next: DocumentDraft | undefined) => {
    setDraft(next);
    writeDraft(stored, next);
  };

  if (draft) return <DocumentEditor page={page} draft={draft} onChange={change} />;
  return (
    <section aria-label="Document" className="flex flex-col gap-4">
      {canEdit && (
        <div>
          <Button
            size="sm"
            onClick={() => setDraft({ content: page.content, revision: page.revision })}
          >
            <Pencil className="size-3.5" aria-hidden />
            Edit
          </Button>
        </div>
      )}
      {page.content ? <Markdown source={page.content} /> : <EmptyState title="An empty document" />}
    </section>
  );
}
