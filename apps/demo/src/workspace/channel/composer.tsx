'use client';
import { SendHorizontal } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { TextArea } from '@/ui/field.tsx';

interface ComposerProps {
  readonly label: string;
  readonly placeholder: string;
  /** @returns whether it was sent; if not, the text stays */
  readonly onSend: (text: string) => Promise<boolean>;
}

/** A box to write in. Enter sends, Shift and Enter starts a new line. */
export function Composer({ label, placeholder, onSend }: ComposerProps) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || text.trim() === '') return;
    setBusy(true);
    if (await onSend(text.trim())) setText('');
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={send} className="flex items-end gap-2">
      <div className="flex-1">
        <TextArea
          label={label}
          hideLabel
          rows={Math.min(6, text.split('\n').length)}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="block resize-none"
        />
      </div>
      <Button type="submit" look="primary" aria-label="Send" busy={busy} className="h-9.5">
        <SendHorizontal className="size-4" aria-hidden />
      </Button>
    </form>
  );
}
