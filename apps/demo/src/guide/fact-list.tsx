import { Check, X } from 'lucide-react';
import { Badge } from '@/ui/page.tsx';
import type { Observed } from './observed.ts';

/** The facts observed, each marked as expected or not. */
export function FactList({ facts, ms }: Observed) {
  const holds = facts.every((fact) => fact.holds);
  return (
    <div className="flex flex-col gap-2">
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface text-sm">
        {facts.map((fact) => (
          <li key={fact.what} className="flex items-start gap-2 px-3 py-2">
            {fact.holds ? (
              <Check
                className="mt-0.5 size-4 shrink-0 text-good"
                role="img"
                aria-label="As it should be"
              />
            ) : (
              <X
                className="mt-0.5 size-4 shrink-0 text-bad"
                role="img"
                aria-label="Not as it should be"
              />
            )}
            <span className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-4">
              <span>{fact.what}</span>
              <span className="text-muted [overflow-wrap:anywhere]">{fact.seen}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="flex items-center gap-2 text-muted text-xs">
        <Badge tone={holds ? 'good' : 'bad'}>{holds ? 'holds' : 'does not hold'}</Badge>
        seen just now, in {ms} ms
      </p>
    </div>
  );
}
