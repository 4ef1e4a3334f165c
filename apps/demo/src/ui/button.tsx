'use client';
import { clsx } from 'clsx';
import { Slot } from 'radix-ui';
import { type ComponentProps, type MouseEvent, useRef, useState } from 'react';

const looks = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  plain: 'border border-line bg-surface text-ink hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  danger: 'border border-line bg-surface text-bad hover:bg-bad-soft',
} as const;
const sizes = {
  md: 'h-9 px-3.5 text-base',
  sm: 'h-7 px-2.5 text-sm',
  icon: 'size-8 justify-center',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof looks;
  readonly size?: keyof typeof sizes;
  /** Draws the child (a link, say) as the button. */
  readonly asChild?: boolean;
  /** Shows that it is at work, and takes no second click. It stays focusable, so that nobody loses their place. */
  readonly busy?: boolean;
  /** Runs at a press; the button is busy until the promise settles. */
  readonly onPress?: () => Promise<unknown>;
}

export function Button({
  look = 'plain',
  size = 'md',
  asChild = false,
  busy = false,
  className,
  disabled,
  onPress,
  onClick,
  ...rest
}: ButtonProps) {
  const Tag = asChild ? Slot.Root : 'button';
  // Two clicks may come before the first is rendered.
  const isAtWork = useRef(false);
  const [isPressed, setPressed] = useState(false);
  const isBusy = busy || isPressed;
  const press = async (does: () => Promise<unknown>) => {
    isAtWork.current = true;
    setPressed(true);
    try {
      await does();
    } finally {
      isAtWork.current = false;
      setPressed(false);
    }
  };
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (isBusy || isAtWork.current) return event.preventDefault();
    onClick?.(event);
    if (onPress) void press(onPress);
  };
  return (
    <Tag
      type={asChild ? undefined : 'button'}
      disabled={asChild ? undefined : disabled}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      className={clsx(
        'inline-flex shrink-0 items-center gap-1.5 rounded-md font-medium whitespace-nowrap',
        'disabled:cursor-default disabled:opacity-55 aria-busy:cursor-default aria-busy:opacity-55',
        looks[look],
        sizes[size],
        className,
      )}
      onClick={click}
      {...rest}
    />
  );
}
