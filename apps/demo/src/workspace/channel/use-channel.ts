'use client';
import type { ListedChannelMessage } from '@pagespace/db';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWorkspace } from '../tree/workspace-context.tsx';

/** A message as it arrives in the browser: instants are text there. */
export type Message = Omit<ListedChannelMessage, 'createdAt' | 'editedAt' | 'lastReplyAt'> & {
  readonly createdAt: string;
  readonly editedAt: string | null;
};
interface Answer {
  readonly items: Message[];
  readonly nextCursor: string | null;
}

const pollMs = 2000;

/**
 * A channel's messages, oldest first, kept fresh: by server-sent events, or by asking every two
 * seconds while the page is in view.
 */
export function useChannel(pageId: string, polls: boolean) {
  const { driveId } = useWorkspace();
  const path = `/drives/${driveId}/pages/${pageId}`;
  const [messages, setMessages] = useState<readonly Message[]>();
  const [older, setOlder] = useState<string | null>(null);
  const [state, setState] = useState<'connecting' | 'live' | 'polling' | 'lost' | 'gone'>(
    polls ? 'polling' : 'connecting',
  );
  const hasOlderPages = useRef(false);

  const refresh = useCallback(async () => {
    const answer = await fetch(`${path}/messages`).catch(() => undefined);
    if (answer?.status === 404 || answer?.status === 401) return setState('gone');
    if (!answer?.ok) return setState('lost');
    const { items, nextCursor }: Answer = await answer.json();
    const latest = items.toReversed();
    setMessages((present = []) => {
      const [first] = latest;
      const before = hasOlderPages.current
        ? present.filter(({ createdAt }) => !first || createdAt < first.createdAt)
        : [];
      return [...before, ...latest];
    });
    if (!hasOlderPages.current) setOlder(nextCursor);
    setState((was) => (was === 'lost' ? (polls ? 'polling' : 'live') : was));
  }, [path, polls]);

  const readOlder = async () => {
    if (!older) return;
    const answer = await fetch(`${path}/messages?after=${encodeURIComponent(older)}`);
    if (!answer.ok) return;
    const { items, nextCursor }: Answer = await answer.json();
    hasOlderPages.current = true;
    setOlder(nextCursor);
    setMessages((present = []) => [...items.toReversed(), ...present]);
  };

  useEffect(() => {
    void refresh();
    if (polls) {
      const timer = setInterval(() => {
        if (document.visibilityState === 'visible') void refresh();
      }, pollMs);
      return () => clearInterval(timer);
    }
    const events = new EventSource(`${path}/events`);
    events.onmessage = () => {
      setState('live');
      void refresh();
    };
    events.onerror = () => setState((was) => (was === 'gone' ? was : 'lost'));
    return () => events.close();
  }, [path, polls, refresh]);

  return { messages, hasOlder: older !== null, state, refresh, readOlder };
}
