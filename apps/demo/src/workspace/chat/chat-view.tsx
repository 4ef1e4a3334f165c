'use client';
import type { ChatMessage } from '@pagespace/db';
import { Bot, Wrench } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Composer } from '@/ui/composer.tsx';
import { EditForm } from '@/ui/edit-form.tsx';
import { Badge } from '@/ui/page.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { Markdown } from '../document/markdown.tsx';
import { ask, editQuestion, readChat } from './chat.ts';

interface ChatViewProps {
  readonly pageId: string;
  readonly userId: string;
  readonly canEdit: boolean;
}

/** A page's AI chat: what was said, which tools were called, and a line to ask in. */
export function ChatView({ pageId, userId, canEdit }: ChatViewProps) {
  const end = useRef<HTMLDivElement>(null);
  const read = useRead(useCallback(() => readChat({ pageId }), [pageId]));
  const { refresh } = read;
  const messages = read.value?.items.toReversed();
  const latestId = messages?.at(-1)?.id;
  useEffect(() => {
    if (latestId) end.current?.scrollIntoView({ block: 'end' });
  }, [latestId]);
  const send = async (content: string) => {
    const sent = await ask({ pageId, content });
    void refresh();
    return sent;
  };
  return (
    <section aria-label="AI chat" className="page-width flex flex-1 flex-col">
      <p className="flex flex-wrap items-center gap-2 py-3 text-sm text-muted">
        <Badge tone="accent">Echo, offline</Badge>
        New answers come from no model: Echo repeats the question and calls one real tool.
      </p>
      <div role="log" aria-label="Conversation" className="flex flex-1 flex-col gap-5 py-3">
        <ReadState of={read} rows={4} />
        {messages?.length === 0 && <EmptyState icon={<Bot />} title="Nothing was asked yet" />}
        {messages?.map((message) => (
          <ChatLine
            key={message.id}
            message={message}
            canEdit={canEdit && message.userId === userId}
            onChange={refresh}
          />
        ))}
        {/* The box to write in stays above the end. */}
        <div ref={end} className="scroll-mb-28" />
      </div>
      {canEdit && (
        <div className="sticky bottom-0 bg-canvas pb-4">
          <Composer
            label="Question"
            placeholder="Ask Echo"
            place={`chat ${pageId}`}
            onSend={send}
          />
        </div>
      )}
    </section>
  );
}

interface ChatLineProps {
  readonly message: ChatMessage;
  readonly canEdit: boolean;
  readonly onChange: () => Promise<void>;
}

function ChatLine({ message, canEdit, onChange }: ChatLineProps) {
  const [editing, setEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    edit.current?.focus();
  };
  const { id: messageId, role, content, toolCalls, toolResults, createdAt, editedAt } = message;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-center gap-2 text-sm">
        <span className="font-semibold">{role === 'user' ? 'Question' : 'Answer'}</span>
        <span className="text-xs text-muted">
          <Time at={createdAt} />
          {editedAt && ', edited: an earlier version is kept'}
        </span>
        {canEdit && (
          <Button
            ref={edit}
            look="quiet"
            size="sm"
            aria-expanded={editing}
            onClick={() => setEditing(!editing)}
          >
            Edit
          </Button>
        )}
      </p>
      {toolCalls?.map((call) => (
        <details key={call.id} className="rounded-md border border-line bg-surface text-sm">
          <summary className="flex cursor-pointer items-center gap-2 px-3 py-2 text-muted">
            <Wrench className="size-3.5" aria-hidden />
            <code className="font-mono text-xs">{call.name}</code>
          </summary>
          <pre className="overflow-x-auto border-t border-line p-3 font-mono text-xs">
            {JSON.stringify(
              {
                arguments: call.arguments,
                result: toolResults?.find(({ callId }) => callId === call.id)?.result,
              },
              null,
              2,
            )}
          </pre>
        </details>
      ))}
      {editing ? (
        <EditForm
          draft={`question ${messageId}`}
          label="The question’s new text"
          text={content}
          rows={3}
          send={(changed) => editQuestion({ messageId, content: changed })}
          onSaved={onChange}
          onClose={close}
        />
      ) : (
        <div className={role === 'user' ? 'rounded-lg bg-accent-soft px-3.5 py-2.5' : ''}>
          <Markdown source={content} />
        </div>
      )}
    </div>
  );
}
