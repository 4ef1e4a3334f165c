'use client';
import { SendHorizontal } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { useDraft } from './drafts.tsx';
import { TextArea } from './field.tsx';
import { type Outgoing, type Send, useOutbox } from './outbox.ts';

interface ComposerProps {
  readonly label: string;
  readonly placeholder: string;
  /** The draft's name, such as `channel <page>`: the text survives a reload. */
  readonly place: string;
  readonly onSend: Send;
}

/**
 * A box to write in. Enter sends, Shift and Enter starts a new line. A sent message leaves the box at
 * once, so one can write on; a message that could not be sent stays above it.
 */
export function Composer({ label, placeholder, place, onSend }: ComposerProps) {
  const draft = useDraft(place);
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const outbox = useOutbox(place, onSend);
  useEffect(() => {
    // Text typed before this ran is newer than the draft.
    setText((present) => present || box.current?.value || draft.read());
  }, [draft]);
  const write = (words: string) => {
    setText(words);
    draft.keep(words);
  };
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    // The box itself: the last keystroke may not be rendered yet.
    const words = box.current?.value ?? text;
    if (words.trim() === '') return;
    outbox.add(words.trim());
    write('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Kept with every keystroke; the browser must not offer to store the page instead.
    if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey)) event.preventDefault();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const takeBack = (id: string) => {
    const words = outbox.take(id);
    write(text ? `${words}\n${text}` : words);
    box.current?.focus();
  };
  return (
    <div className="flex flex-col gap-2">
      {outbox.entries.length > 0 && (
        <ul aria-label="Not sent yet" className="flex flex-col gap-1.5">
          {outbox.entries.map((entry) => (
            <OutgoingLine
              key={entry.id}
              entry={entry}
              onAgain={() => outbox.again(entry.id)}
              onTake={() => takeBack(entry.id)}
            />
          ))}
        </ul>
      )}
      <form method="post" onSubmit={send} className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextArea
            ref={box}
            label={label}
            hideLabel
            rows={Math.min(6, text.split('\n').length)}
            placeholder={placeholder}
            value={text}
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKeyDown}
            className="block resize-none"
          />
        </div>
        <Button type="submit" look="primary" aria-label="Send" className="h-9.5">
          <SendHorizontal className="size-4" aria-hidden />
        </Button>
      </form>
    </div>
  );
}

function OutgoingLine({
  entry,
  onAgain,
  onTake,
}: {
  readonly entry: Outgoing;
  readonly onAgain: () => void;
  readonly onTake: () => void;
}) {
  const { text, problem } = entry;
  if (problem === undefined) {
    return (
      <li className="flex items-baseline gap-2 rounded-md bg-sunken px-3 py-1.5">
        <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">{text}</span>
        <span className="text-muted text-xs">sending</span>
      </li>
    );
  }
  return (
    <li className="flex flex-col gap-1.5 rounded-md border border-bad bg-bad-soft px-3 py-2">
      <span className="break-words whitespace-pre-wrap">{text}</span>
      <div className="flex flex-wrap items-center gap-2">
        <span role="alert" className="min-w-0 flex-1 text-bad text-sm">
          {problem}
        </span>
        <Button size="sm" onClick={onAgain}>
          Send again
        </Button>
        <Button size="sm" onClick={onTake}>
          Back to the box
        </Button>
      </div>
    </li>
  );
}
