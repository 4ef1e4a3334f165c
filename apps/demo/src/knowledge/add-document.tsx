'use client';

import type { AddedDocument } from '@reference/tenancy';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { Field, TextArea } from '@/ui/field.tsx';
import { answered, Form, SubmitButton } from '@/ui/form.tsx';
import { Progress } from '@/ui/progress.tsx';
import { useToast } from '@/ui/toast.tsx';
import { followIngestion, startDocument } from './actions.ts';

const pollMs = 250;
const said = {
  added: 'The document is embedded.',
  replaced: 'The document’s new text is embedded.',
  unchanged: 'This text is there already.',
  duplicate: 'This text is there already, under another title.',
} as const;

/** Adds a text, and shows how far its embedding is. */
export function AddDocument({ organisation }: { organisation: string }) {
  const [isOpen, setOpen] = useState(false);
  const [progress, setProgress] = useState<{ embedded: number; total: number }>();
  const { say } = useToast();

  const follow = async (id: string): Promise<ActionResult<AddedDocument>> => {
    for (;;) {
      const answer = await answered(followIngestion({ id }));
      if (!answer.ok) return answer;
      setProgress(answer.value);
      const { added, problem } = answer.value;
      if (problem) return { ok: false, problem };
      if (added) return { ok: true, value: added };
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };
  const send = async (form: FormData) => {
    setProgress({ embedded: 0, total: 0 });
    const document = { organisation, title: form.get('title'), text: form.get('text') };
    const started = await answered(startDocument(document));
    const result = started.ok ? await follow(started.value) : started;
    setProgress(undefined);
    return result;
  };
  const onSent = ({ outcome, chunkCount }: AddedDocument, typedSince: boolean) => {
    say(`${said[outcome]} ${chunkCount} ${chunkCount === 1 ? 'passage' : 'passages'}.`);
    if (!typedSince) setOpen(false);
  };

  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus size={16} aria-hidden />
        Add a document
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title="Add a document"
        description="Markdown or plain text. It is split at its headings, and each passage is embedded."
        wide
      >
        <Form
          draft={`document ${organisation}`}
          send={send}
          onSent={onSent}
          className="flex flex-col gap-4"
        >
          <Field label="Title" name="title" required maxLength={300} />
          <TextArea label="Text" name="text" rows={10} required className="font-mono text-sm" />
          <div className="flex min-h-9 flex-col gap-1.5" role="status">
            {progress && (
              <>
                <Progress label="Embedding" value={progress.embedded} max={progress.total} />
                <p className="text-muted text-sm">
                  {progress.total === 0
                    ? 'Splitting the text'
                    : `${progress.embedded} of ${progress.total} passages embedded`}
                </p>
              </>
            )}
          </div>
          <DialogButtons>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <SubmitButton>Add</SubmitButton>
          </DialogButtons>
        </Form>
      </Dialog>
    </>
  );
}
