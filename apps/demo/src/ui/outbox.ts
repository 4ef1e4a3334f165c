'use client';
// Messages on their way to the server. The composer is free at once; a message that fails
// stays here, with its words, until it is sent again or taken back.
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { type Draft, storedAt, usePlaceKey } from './drafts.tsx';
import { answered } from './form.tsx';

export interface Outgoing {
  readonly id: string;
  readonly text: string;
  /** Why it was not sent; undefined while it is on its way. */
  readonly problem?: string;
}
/** Sends a text. `key` is the same however often this text is sent, so that it can arrive once. */
export type Send = (text: string, key: string) => Promise<ActionResult<unknown>>;

class Outbox {
  entries: readonly Outgoing[] = [];
  send: Send | undefined;
  readonly #stored: Draft;
  readonly #listeners = new Set<() => void>();
  #isSending = false;

  constructor(key: string) {
    this.#stored = storedAt(`outbox ${key}`);
    const left: Outgoing[] = JSON.parse(this.#stored.read() || '[]');
    // The page was left while these were on their way.
    this.entries = left.map((entry) => ({
      problem: 'The page was closed before the server answered. See whether it arrived.',
      ...entry,
    }));
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly read = () => this.entries;

  add(text: string): void {
    this.#set([...this.entries, { id: crypto.randomUUID(), text }]);
    void this.#run();
  }

  again(id: string): void {
    this.#set(this.entries.map((entry) => (entry.id === id ? { id, text: entry.text } : entry)));
    void this.#run();
  }

  /** Removes one. @returns its words */
  take(id: string): string {
    const text = this.entries.find((entry) => entry.id === id)?.text ?? '';
    this.#set(this.entries.filter((entry) => entry.id !== id));
    return text;
  }

  /** One after the other, so that they arrive in the order in which they were written. */
  async #run(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (;;) {
      const next = this.entries.find(({ problem }) => problem === undefined);
      if (!next || !this.send) break;
      const result = await answered(this.send(next.text, next.id));
      if (result.ok) this.take(next.id);
      else {
        const { message } = result.problem;
        this.#set(
          this.entries.map((entry) =>
            entry.id === next.id ? { ...entry, problem: message } : entry,
          ),
        );
      }
    }
    this.#isSending = false;
  }

  #set(entries: readonly Outgoing[]): void {
    this.entries = entries;
    this.#stored.keep(entries.length > 0 ? JSON.stringify(entries) : '');
    for (const listener of this.#listeners) listener();
  }
}

const outboxes = new Map<string, Outbox>();
const none: readonly Outgoing[] = [];

/** The outbox of one place; it goes on sending while its person looks at another screen. */
export function useOutbox(place: string, send: Send) {
  const key = usePlaceKey(place);
  const outbox = useMemo(() => {
    // On the server there is nothing to send.
    if (typeof window === 'undefined') return undefined;
    const present = outboxes.get(key) ?? new Outbox(key);
    outboxes.set(key, present);
    return present;
  }, [key]);
  useEffect(() => {
    if (outbox) outbox.send = send;
  }, [outbox, send]);
  const entries = useSyncExternalStore(
    outbox?.subscribe ?? (() => () => {}),
    outbox?.read ?? (() => none),
    () => none,
  );
  return {
    entries,
    add: (text: string) => outbox?.add(text),
    again: (id: string) => outbox?.again(id),
    take: (id: string) => outbox?.take(id) ?? '',
  };
}
