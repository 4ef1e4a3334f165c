'use client';
import { Progress as Radix } from 'radix-ui';

/** How far something is, of how much. */
export function Progress({
  label,
  value,
  max,
}: {
  readonly label: string;
  readonly value: number;
  readonly max: number;
}) {
  const percent = max > 0 ? Math.min(100, (value / max) * 100) : 0;
  return (
    <Radix.Root
      aria-label={label}
      value={percent}
      max={100}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken"
    >
      <Radix.Indicator
        className="h-full rounded-full bg-accent motion-safe:transition-[width]"
        style={{ width: `${percent}%` }}
      />
    </Radix.Root>
  );
}
