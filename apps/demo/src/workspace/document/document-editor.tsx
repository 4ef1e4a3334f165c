'use client';
import type { PageDetail } from '@pagespace/db';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { TextArea } from '@/ui/field.tsx';
import { answered } from '@/ui/form.tsx';
import { ErrorState } from '@/ui/states.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { readPage, savePage } from '../pages.ts';
import type { DocumentDraft } from './document-draft.ts';
import type { Written } from './written.tsx';

interface DocumentEditorProps {
  readonly page: Pick<PageDetail, 'id' | 'content'>;
  readonly written: Written;
  readonly draft: DocumentDraft;
  /** Undefined closes the editor. */
  readonly onChange: (draft: DocumentDraft | undefined) => void;
}

/** Writes a page's text. Ctrl+S saves and goes on; a conflict shows both texts and loses neither. */
export function DocumentEditor({ page, written, draft, onChange }: DocumentEditorProps) {
  const router = useRouter();
  const run = useAction();
  const { say } = useToast();
  const [theirs, setTheirs] = useState<DocumentDraft>();
  const [problem, setProblem] = useState<string>();
  const isBusy = useRef(false);
  const [busy, setBusy] = useState(false);
  // The editor's text when the server answers may be longer than the text that was sent.
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });

  const save = async (revision: number, goesOn: boolean) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setBusy(true);
    setProblem(undefined);
    const { content } = latest.current;
    const result = await answered(savePage({ pageId: page.id, revision, content }));
    isBusy.current = false;
    setBusy(false);
    if (result.ok) {
      setTheirs(undefined);
      const typedSince = latest.current.content !== content;
      onChange(
        goesOn || typedSince
          ? { content: latest.current.content, revision: result.value.revision }
          : undefined,
      );
      say(
        typedSince
          ? 'Saved; the words you typed since are not saved yet.'
          : `Saved as revision ${result.value.revision}.`,
      );
      router.refresh();
    } else if (result.problem.code === 'CONFLICT') {
      const current = await run(readPage({ pageId: page.id }));
      if (current) setTheirs(current.value);
    } else setProblem(result.problem.message);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!theirs) void save(draft.revision, true);
  };
  const leave = () => {
    onChange(undefined);
    router.refresh();
  };
  const isUnsaved = draft.content !== page.content;
  // Taken from somebody by a slip, a text is lost; so it stays at hand in the message.
  const discard = () => {
    leave();
    if (!isUnsaved) return;
    say('Your unsaved words are thrown away.', async () => {
      onChange(draft);
      return true;
    });
  };

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
          label={theirs ? 'Yours' : written.label}
          value={draft.content}
          onChange={(event) => onChange({ ...draft, content: event.target.value })}
          onKeyDown={onKeyDown}
          problem={problem}
          hint={
            isUnsaved
              ? 'Not saved yet, but kept in this browser. Ctrl+S saves.'
              : 'Ctrl+S saves and goes on.'
          }
          rows={18}
          className="font-mono text-sm"
        />
        <div className="flex min-w-0 flex-col gap-1.5">
          <h2 className="text-sm font-medium">
            {theirs ? `Theirs, revision ${theirs.revision}` : 'Preview'}
          </h2>
          <div className="min-h-40 rounded-md border border-line bg-surface p-4">
            {written.shown((theirs ?? draft).content)}
          </div>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {theirs ? (
          <>
            <Button look="primary" busy={busy} onClick={() => void save(theirs.revision, false)}>
              Save mine over it
            </Button>
            <Button onClick={discard}>Take theirs</Button>
          </>
        ) : (
          <>
            <Button look="primary" busy={busy} onClick={() => void save(draft.revision, false)}>
              Save
            </Button>
            <Button onClick={discard}>Cancel</Button>
          </>
        )}
      </div>
    </section>
  );
}
