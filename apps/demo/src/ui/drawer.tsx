'use client';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useReturnFocus } from './return-focus.ts';

interface DrawerProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly side?: 'left' | 'right';
  readonly children: ReactNode;
}

/** A column on a wide screen; on a narrow one it slides in from the side. */
export function Drawer({ open, onOpenChange, title, side = 'left', children }: DrawerProps) {
  const focus = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          {...focus}
          aria-describedby={undefined}
          className={`fixed inset-y-0 z-50 flex w-[min(21rem,88vw)] flex-col border-line bg-surface shadow-2xl ${side === 'left' ? 'left-0 border-r' : 'right-0 border-l'}`}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
