'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { useReturnFocus } from './return-focus.ts';

/** A window at the right edge, over the screen that it is about; Escape closes it. */
export function Sheet({
  title,
  description,
  onClose,
  children,
}: {
  readonly title: string;
  readonly description: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          {...focus}
          className="fixed inset-y-0 right-0 z-50 flex w-[min(48rem,100vw)] flex-col border-line border-l bg-canvas shadow-2xl"
        >
          <header className="flex items-start justify-between gap-4 border-line border-b bg-surface p-4">
            <div className="flex flex-col gap-1">
              <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
              <Radix.Description className="text-muted text-sm">{description}</Radix.Description>
            </div>
            <Radix.Close asChild>
              <Button look="quiet" size="icon" aria-label="Close">
                <X className="size-4" aria-hidden />
              </Button>
            </Radix.Close>
          </header>
          <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
