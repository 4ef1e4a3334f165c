'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { StatementsPanel } from '@/statements/statements-panel.tsx';

interface Cost {
  readonly statements: number;
  readonly ms: number;
  /** Whether the statements themselves can be seen. */
  readonly isRecorded: boolean;
}

/** Where the data is, how channels stay live there, and what the page asked of the database. */
export function StatusLine({ polls }: { readonly polls: boolean }) {
  const cost = useCost();
  const [isOpen, setOpen] = useState(false);
  const address = usePathname();
  // A link of the panel leads to another screen.
  useEffect(() => setOpen(false), [address]);
  const words =
    cost &&
    `${cost.statements} ${cost.statements === 1 ? 'statement' : 'statements'}, ${cost.ms} ms`;
  return (
    <footer className="flex h-6 shrink-0 items-center justify-between gap-4 border-t border-line bg-surface px-3 text-xs text-muted">
      <span className="truncate">
        {polls ? 'PGlite' : 'PostgreSQL'}
        <span className="max-sm:sr-only">
          {polls ? ': channels are polled' : ': channels are live over LISTEN'}
        </span>
      </span>
      <span className="whitespace-nowrap tabular-nums" data-testid="cost">
        {cost?.isRecorded ? (
          <button
            type="button"
            className="rounded px-1 text-accent underline underline-offset-2"
            onClick={() => setOpen(true)}
          >
            {words}
          </button>
        ) : (
          words
        )}
      </span>
      {isOpen && <StatementsPanel onClose={() => setOpen(false)} />}
    </footer>
  );
}

function useCost(): Cost | null {
  const address = `${usePathname()}?${useSearchParams()}`;
  const [cost, setCost] = useState<Cost | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    // The server notes the cost once the page is out, which may be after the address changed.
    const timer = setTimeout(async () => {
      const answer = await fetch('/status', { signal: stop.signal }).catch(() => undefined);
      if (answer?.ok) setCost(await answer.json());
    }, 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [address]);
  return cost;
}
