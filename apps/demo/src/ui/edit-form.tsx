'use client';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { Button } from './button.tsx';
import { TextArea } from './field.tsx';
import { Form, SubmitButton } from './form.tsx';

/** Rewrites a text where it stands: the focus goes into it, and Escape leaves it as it was. */
export function EditForm({
  draft,
  label,
  text,
  rows,
  send,
  onSaved,
  onClose,
}: {
  /** Keeps the words over a reload; see `useDraft`. */
  readonly draft: string;
  readonly label: string;
  readonly text: string;
  readonly rows: number;
  readonly send: (content: string) => Promise<ActionResult<unknown>>;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // A menu that opened this holds the focus until it is gone.
    const timer = setTimeout(() => box.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <Form
      draft={draft}
      send={(form) => send(String(form.get('content')))}
      onSent={async (_, typedSince) => {
        if (!typedSince) onClose();
        await onSaved();
      }}
      className="flex flex-col gap-2"
    >
      <TextArea
        ref={box}
        label={label}
        hideLabel
        name="content"
        defaultValue={text}
        rows={rows}
        onKeyDown={onKeyDown}
      />
      <div className="flex gap-2">
        <SubmitButton size="sm">Save</SubmitButton>
        <Button size="sm" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
