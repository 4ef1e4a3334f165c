import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

/**
 * A table. Where there is little room each row becomes a card whose cells have the names of their columns before them,
 * as `label` of `Td` gives them.
 */
export function Table({
  label,
  head,
  children,
  isCards = true,
}: {
  /** Says to a screen reader what the table holds. */
  readonly label: string;
  /** False where the columns are the reader's own: it scrolls sideways then. */
  readonly isCards?: boolean;
  readonly head: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      // `relative`, so that what only screen readers see stays inside and widens no page.
      className={clsx(
        'relative overflow-x-auto rounded-lg border border-line bg-surface',
        isCards && 'cards',
      )}
    >
      <table className="w-full text-left text-sm">
        <thead className="border-b border-line bg-sunken text-xs text-muted">
          <tr>{head}</tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </section>
  );
}

export function Th({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={clsx('px-3 py-2 font-medium whitespace-nowrap', className)}
      {...rest}
    />
  );
}

export function Td({
  className,
  label,
  ...rest
}: ComponentProps<'td'> & {
  /** The label of its column, for the card that a row becomes on a phone. */
  readonly label?: string;
}) {
  return (
    <td data-label={label} className={clsx('px-3 py-2.5 align-middle', className)} {...rest} />
  );
}
