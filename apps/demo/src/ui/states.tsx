import type { ReactNode } from 'react';

/** Takes the place of an empty list. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line px-6 py-12 text-center">
      {icon && <div className="text-muted">{icon}</div>}
      <p className="font-medium">{title}</p>
      {children && <p className="max-w-md text-sm text-muted">{children}</p>}
      {action && <div className="pt-2">{action}</div>}
    </div>
  );
}

/** The error, and the next step for the reader. */
export function ErrorState({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 rounded-lg border border-bad bg-bad-soft p-4"
    >
      <p className="font-medium text-bad">{title}</p>
      {children && <p className="text-sm">{children}</p>}
      {action}
    </div>
  );
}

/** A grey bar of the size of what is being loaded. */
export function Skeleton({ className = 'h-4 w-full' }: { readonly className?: string }) {
  return <div aria-hidden className={`motion-safe:animate-pulse rounded bg-sunken ${className}`} />;
}

/** Rows of grey bars, announced once. */
export function SkeletonList({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-9 w-full" />
      ))}
    </div>
  );
}
