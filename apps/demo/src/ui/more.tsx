'use client';

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { Button } from './button.tsx';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A list that goes on: the next page is asked for when its end comes into view, or by the button.
 *
 * @param first from the server, with the screen
 * @returns what there is so far, and what stands at the list's end
 */
export function useMore<T>(
  first: Page<T>,
  load: (cursor: string) => Promise<ActionResult<Page<T>>>,
): { readonly items: readonly T[]; readonly end: ReactNode } {
  const [shown, setShown] = useState({ first, page: first });
  const [problem, setProblem] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  // A new first page (another filter, a change) begins anew.
  const page = shown.first === first ? shown.page : first;

  const more = async () => {
    if (isLoading || !page.nextCursor) return;
    setLoading(true);
    setProblem(undefined);
    try {
      const answer = await load(page.nextCursor);
      if (answer.ok) {
        const { items, nextCursor } = answer.value;
        setShown({ first, page: { items: [...page.items, ...items], nextCursor } });
      } else setProblem(answer.problem.message);
    } catch {
      setProblem('The server does not answer. Try again.');
    }
    setLoading(false);
  };

  const end = page.nextCursor ? (
    <ListEnd isLoading={isLoading} problem={problem} more={more} />
  ) : null;
  return { items: page.items, end };
}

function ListEnd({
  isLoading,
  problem,
  more,
}: {
  isLoading: boolean;
  problem: string | undefined;
  more: () => Promise<void>;
}) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    const element = place.current;
    if (!element || problem) return;
    const watcher = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && void latest.current(),
      { rootMargin: '200px' },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [problem]);
  return (
    <div ref={place} className="flex items-center justify-center gap-3 py-3">
      {problem && (
        <p role="alert" className="text-bad text-sm">
          {problem}
        </p>
      )}
      <Button size="sm" busy={isLoading} onClick={() => void more()}>
        {problem ? 'Try again' : isLoading ? 'Loading…' : 'More'}
      </Button>
    </div>
  );
}
