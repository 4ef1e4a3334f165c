'use client';
import { MessageSquareText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Composer } from '@/ui/composer.tsx';
import { Drawer } from '@/ui/drawer.tsx';
import { Badge } from '@/ui/page.tsx';
import { EmptyState, ErrorState, SkeletonList } from '@/ui/states.tsx';
import { MessageLine } from './message-line.tsx';
import { markRead, sendMessage } from './messages.ts';
import { Thread } from './thread.tsx';
import { useChannel } from './use-channel.ts';

interface ChannelViewProps {
  readonly pageId: string;
  readonly userId: string;
  readonly canEdit: boolean;
  readonly polls: boolean;
}

const says = {
  connecting: <Badge>connecting</Badge>,
  live: <Badge tone="good">live</Badge>,
  polling: <Badge tone="accent">updates every 2 seconds</Badge>,
  lost: <Badge tone="warn">connection lost</Badge>,
  gone: <Badge tone="bad">no longer yours to see</Badge>,
} as const;

/** A channel: its messages, what was answered to them, and a line to write in. */
export function ChannelView({ pageId, userId, canEdit, polls }: ChannelViewProps) {
  const { messages, hasOlder, state, refresh, readOlder } = useChannel(pageId, polls);
  const [threadId, setThreadId] = useState<string>();
  const end = useRef<HTMLDivElement>(null);
  const latestId = messages?.at(-1)?.id;
  const first = messages?.find(({ id }) => id === threadId);

  useEffect(() => {
    if (!latestId) return;
    end.current?.scrollIntoView({ block: 'end' });
    // Marked again with the next message.
    markRead({ pageId, messageId: latestId }).catch(() => undefined);
  }, [latestId, pageId]);

  const send = async (content: string, key: string) => {
    const sent = await sendMessage({ key, pageId, content, parentId: null });
    if (sent.ok) void refresh();
    return sent;
  };

  return (
    <section aria-label="Channel" className="page-width flex flex-1 flex-col">
      <div className="flex h-9 items-center justify-end">{says[state]}</div>
      {state === 'gone' ? (
        <ErrorState title="This channel is not here for you">
          It was deleted, or it is no longer shared with you.
        </ErrorState>
      ) : (
        <>
          <div
            role="log"
            aria-label="Messages"
            className="flex flex-1 flex-col justify-end gap-1 pb-4"
          >
            {hasOlder && (
              <Button size="sm" className="self-center" onPress={readOlder}>
                Older messages
              </Button>
            )}
            {!messages && <SkeletonList rows={4} />}
            {messages?.length === 0 && (
              <EmptyState icon={<MessageSquareText />} title="Nobody has written here yet" />
            )}
            {messages?.map((message) => (
              <MessageLine
                key={message.id}
                {...{ message, userId, canEdit }}
                onChange={refresh}
                onThread={() => setThreadId(message.id)}
              />
            ))}
            {/* The box to write in stays above the end. */}
            <div ref={end} className="scroll-mb-28" />
          </div>
          {canEdit && (
            <div className="sticky bottom-0 bg-canvas pb-4">
              <Composer
                label="Message"
                placeholder="Write to the channel"
                place={`channel ${pageId}`}
                onSend={send}
              />
            </div>
          )}
        </>
      )}
      <Drawer
        side="right"
        title="Thread"
        open={first !== undefined}
        onOpenChange={(open) => !open && setThreadId(undefined)}
      >
        {first && <Thread {...{ first, userId, canEdit }} onChange={refresh} />}
      </Drawer>
    </section>
  );
}
