'use client';
import { clsx } from 'clsx';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

/** A field that an item opened has the focus already, and the menu's button must not take it. */
function keepFocusElsewhere(event: Event): void {
  const { activeElement } = document;
  const menu = event.currentTarget;
  const isInMenu = menu instanceof Element && menu.contains(activeElement);
  if (activeElement !== document.body && !isInMenu) event.preventDefault();
}

/** A button with a list of things to do; arrow keys, typing and Escape work. */
export function Menu({
  trigger,
  children,
  align = 'end',
  onOpen,
}: {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly onOpen?: () => void;
}) {
  return (
    <DropdownMenu.Root onOpenChange={(open) => open && onOpen?.()}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={keepFocusElsewhere}
          className="z-50 max-h-[70dvh] min-w-44 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-lg"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly onSelect?: () => void;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Draws the child (a link) as the item. */
  readonly asChild?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, icon, danger, disabled, asChild, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      {...(onSelect ? { onSelect: () => onSelect() } : {})}
      disabled={disabled ?? false}
      asChild={asChild ?? false}
      className={clsx(
        'flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm outline-none select-none data-highlighted:bg-sunken data-disabled:opacity-50',
        danger && 'text-bad',
      )}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon}
          {children}
        </>
      )}
    </DropdownMenu.Item>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 py-1 text-xs text-muted">{children}</DropdownMenu.Label>
  );
}
