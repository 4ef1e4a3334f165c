'use client';
import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { Button } from './button.tsx';
import { Working } from './working.tsx';

/** Takes back what was done. @returns whether it did */
type Undo = () => Promise<boolean>;

interface Note {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo?: Undo;
}
interface Toasts {
  /** @param undo a button beside the words; it comes back when the server did not do it */
  say(text: string, undo?: Undo): void;
  warn(text: string): void;
  /** Shows that the server is at work until the promise is settled. */
  during(work: Promise<unknown>): void;
}

const Context = createContext<Toasts>({ say: () => {}, warn: () => {}, during: () => {} });

/** `say` for what was done, `warn` for what was not; announced to screen readers. */
export const useToast = () => useContext(Context);

/** Runs an action and shows its error. @returns its value, or undefined */
export function useAction() {
  const { warn, during } = useToast();
  return useCallback(
    async <T,>(action: Promise<ActionResult<T>>): Promise<{ value: T } | undefined> => {
      during(action);
      try {
        const result = await action;
        if (result.ok) return { value: result.value };
        warn(result.problem.message);
      } catch {
        warn('The server does not answer. Check that it is running, and try again.');
      }
      return undefined;
    },
    [warn, during],
  );
}

let next = 0;

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [notes, setNotes] = useState<readonly Note[]>([]);
  const [atWork, setAtWork] = useState(0);
  const [toasts] = useState<Toasts>(() => {
    const add = (bad: boolean) => (text: string, undo?: Undo) => {
      next += 1;
      const note = { id: next, text, bad, ...(undo ? { undo } : {}) };
      setNotes((present) => [...present.slice(-2), note]);
    };
    const during = (work: Promise<unknown>) => {
      // Not at once: inside a transition it would be shown only when the work is done.
      queueMicrotask(() => setAtWork((count) => count + 1));
      const end = () => setAtWork((count) => count - 1);
      work.then(end, end);
    };
    return { say: add(false), warn: add(true), during };
  });
  const { say } = toasts;
  const remove = (id: number) => setNotes((present) => present.filter((note) => note.id !== id));
  return (
    <Context.Provider value={toasts}>
      <Radix.Provider swipeDirection="right" duration={6000}>
        {children}
        <Working isAtWork={atWork > 0} />
        {notes.map(({ id, text, bad, undo }) => (
          <Radix.Root
            key={id}
            type={bad ? 'foreground' : 'background'}
            onOpenChange={(open) => !open && remove(id)}
            {...(undo ? { duration: 15_000 } : {})}
            className={`flex items-start gap-3 rounded-lg border bg-surface p-3 shadow-lg ${bad ? 'border-bad' : 'border-line'}`}
          >
            <Radix.Description className="flex-1 text-sm">{text}</Radix.Description>
            {undo && (
              <Radix.Action asChild altText="Undo it on the screen that it was done on">
                <Button
                  size="sm"
                  onClick={async () => {
                    if (!(await undo())) say(text, undo);
                  }}
                >
                  Undo
                </Button>
              </Radix.Action>
            )}
            <Radix.Close aria-label="Dismiss" className="text-muted hover:text-ink">
              <X className="size-4" aria-hidden />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-4 bottom-16 z-60 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 md:bottom-10" />
      </Radix.Provider>
    </Context.Provider>
  );
}
