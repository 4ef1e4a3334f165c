'use client';
import type { PageDetail } from '@pagespace/db';
import { Pencil } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { TextArea } from '@/ui/field.tsx';
import { EmptyState, ErrorState } from '@/ui/states.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { readPage, savePage } from '../pages.ts';
import { Markdown } from './markdown.tsx';

interface DocumentViewProps {
  readonly page: Pick<PageDetail, 'id' | 'content' | 'revision'>;
  readonly canEdit: boolean;
}
interface Draft {
  readonly content: string;
  /** What the writer read before writing; saving over another revision is a conflict. */
  readonly revision: number;
}

/** A Markdown document: read, or written with its preview beside it. */
export function DocumentView({ page, canEdit }: DocumentViewProps) {
  const router = useRouter();
  const run = useAction();
  const { say, warn } = useToast();
  const [draft, setDraft] = useState<Draft>();
  const [theirs, setTheirs] = useState<Draft>();
  const [busy, setBusy] = useState(false);

  const save = async (revision: number) => {
    if (!draft) return;
    setBusy(true);
    const result = await savePage({ pageId: page.id, revision, content: draft.content }).catch(
      () => undefined,
    );
    setBusy(false);
    if (result?.ok) {
      setDraft(undefined);
      setTheirs(undefined);
      say(`Saved as revision ${result.value.revision}.`);
      router.refresh();
    } else if (result?.problem.code === 'CONFLICT') {
      const current = await run(readPage({ pageId: page.id }));
      if (current) setTheirs(current.value);
    } else {
      warn(result?.problem.message ?? 'The server does not answer. Your text is still here.');
    }
  };
  const takeTheirs = () => {
    setDraft(undefined);
    setTheirs(undefined);
    router.refresh();
  };

  if (!draft) {
    return (
      <section aria-label="Document" className="flex flex-col gap-4">
        {canEdit && (
          <div>
            <Button size="sm" onClick={() => setDraft(page)}>
              <Pencil className="size-3.5" aria-hidden />
              Edit
            </Button>
          </div>
        )}
        {page.content ? (
          <Markdown source={page.content} />
        ) : (
          <EmptyState title="An empty document" />
        )}
      </section>
    );
  }
  return (
    <section aria-label="Document" className="flex flex-col gap-4">
      {theirs && (
        <ErrorState title="Somebody saved this page while you wrote">
          It is at revision {theirs.revision}; you began with {draft.revision}. Nothing of yours is
          lost: compare below, then choose.
        </ErrorState>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <TextArea
          label={theirs ? 'Yours' : 'Text, in Markdown'}
          value={draft.content}
          onChange={(event) => setDraft({ ...draft, content: event.target.value })}
          rows={18}
          className="font-mono text-sm"
        />
        <div className="flex min-w-0 flex-col gap-1.5">
          <h2 className="text-sm font-medium">
            {theirs ? `Theirs, revision ${theirs.revision}` : 'Preview'}
          </h2>
          <div className="min-h-40 rounded-md border border-line bg-surface p-4">
            <Markdown source={(theirs ?? draft).content} />
          </div>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {theirs ? (
          <>
            <Button look="primary" busy={busy} onClick={() => void save(theirs.revision)}>
              Save mine over it
            </Button>
            <Button onClick={takeTheirs}>Take theirs</Button>
          </>
        ) : (
          <>
            <Button look="primary" busy={busy} onClick={() => void save(draft.revision)}>
              Save
            </Button>
            <Button onClick={() => setDraft(undefined)}>Cancel</Button>
          </>
        )}
      </div>
    </section>
  );
}
