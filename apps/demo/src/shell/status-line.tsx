'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';

interface Cost {
  readonly statements: number;
  readonly ms: number;
}

/** Where the data is, how channels stay live there, and what the page asked of the database. */
export function StatusLine({ polls }: { readonly polls: boolean }) {
  const cost = useCost();
  return (
    <footer className="flex h-6 shrink-0 items-center justify-between gap-4 border-t border-line bg-surface px-3 text-xs text-muted">
      <span className="truncate">
        {polls ? 'PGlite: channels are polled' : 'PostgreSQL: channels are live over LISTEN'}
      </span>
      <span className="whitespace-nowrap tabular-nums" data-testid="cost">
        {cost &&
          `${cost.statements} ${cost.statements === 1 ? 'statement' : 'statements'}, ${cost.ms} ms`}
      </span>
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
