'use client';
import { useCallback } from 'react';
import { Composer } from '@/ui/composer.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { MessageLine } from './message-line.tsx';
import { readThread, sendMessage } from './messages.ts';
import type { Message } from './use-channel.ts';

interface ThreadProps {
  readonly first: Message;
  readonly userId: string;
  readonly canEdit: boolean;
  readonly onChange: () => Promise<void>;
}

/** A message and what was answered to it. */
export function Thread({ first, userId, canEdit, onChange }: ThreadProps) {
  const { id: messageId, pageId, replyCount } = first;
  const read = useRead(
    // Another number of replies is a reason to read again.
    useCallback(() => readThread({ pageId, messageId }), [pageId, messageId, replyCount]),
  );
  const { refresh } = read;
  const replies = read.value?.items.map(({ createdAt, editedAt, ...rest }) => ({
    ...rest,
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
  }));

  const both = async () => {
    await Promise.all([refresh(), onChange()]);
  };
  const send = async (content: string, key: string) => {
    const sent = await sendMessage({ key, pageId, content, parentId: messageId });
    if (sent.ok) void both();
    return sent;
  };
  const shared = { userId, canEdit, onChange: both };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h2 className="border-b border-line px-4 py-3 font-semibold">Thread</h2>
      <div className="flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto px-4 py-3">
        <MessageLine message={first} {...shared} />
        <hr className="my-2 border-line" />
        <ReadState of={read} />
        {replies?.map((message) => (
          <MessageLine key={message.id} message={message} {...shared} />
        ))}
      </div>
      {canEdit && (
        <div className="p-4">
          <Composer
            label="Reply"
            placeholder="Answer in the thread"
            place={`thread ${messageId}`}
            onSend={send}
          />
        </div>
      )}
    </div>
  );
}
