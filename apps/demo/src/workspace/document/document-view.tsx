'use client';
import type { PageDetail } from '@pagespace/db';
import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { useDraft } from '@/ui/drafts.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { type DocumentDraft, readDraft, writeDraft } from './document-draft.ts';
import { DocumentEditor } from './document-editor.tsx';
import { type WrittenType, written } from './written.tsx';

interface DocumentViewProps {
  readonly page: Pick<PageDetail, 'id' | 'content' | 'revision'>;
  readonly type: WrittenType;
  readonly canEdit: boolean;
}

/** A page whose content is text: read, or written with its preview beside it. Unsaved words are kept. */
export function DocumentView({ page, type, canEdit }: DocumentViewProps) {
  const stored = useDraft(`page ${page.id}`);
  const [draft, setDraft] = useState<DocumentDraft>();
  // A draft of an earlier visit, to be gone on with: the server knows nothing of it.
  useEffect(() => {
    if (canEdit) setDraft(readDraft(stored));
  }, [canEdit, stored]);
  // Whoever opens or closes the editor goes on where it was; a draft that is there already takes no focus.
  const place = useRef<HTMLDivElement>(null);
  const wasOpened = useRef(false);
  const isOpen = draft !== undefined;
  useEffect(() => {
    if (!wasOpened.current) return;
    const next = isOpen ? 'textarea' : 'button';
    place.current?.querySelector<HTMLElement>(next)?.focus();
  }, [isOpen]);
  const change = (next: DocumentDraft | undefined) => {
    wasOpened.current = true;
    setDraft(next);
    writeDraft(stored, next);
  };

  const edit = () => {
    wasOpened.current = true;
    setDraft({ content: page.content, revision: page.revision });
  };

  return (
    <div ref={place}>
      {draft ? (
        <DocumentEditor page={page} written={written[type]} draft={draft} onChange={change} />
      ) : (
        <section aria-label="Document" className="flex flex-col gap-4">
          {canEdit && (
            <div>
              <Button size="sm" onClick={edit}>
                <Pencil className="size-3.5" aria-hidden />
                Edit
              </Button>
            </div>
          )}
          {page.content ? (
            written[type].shown(page.content)
          ) : (
            <EmptyState title={written[type].empty}>
              {canEdit ? 'Edit it to fill it.' : 'Nobody has filled it yet.'}
            </EmptyState>
          )}
        </section>
      )}
    </div>
  );
}
