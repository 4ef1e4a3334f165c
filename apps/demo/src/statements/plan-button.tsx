'use client';

import { type ReactNode, useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { ErrorState } from '@/ui/states.tsx';
import { showPlan } from './actions.tsx';

/** Explains a statement when it is asked to. */
export function PlanButton({ requestId, index }: { requestId: string; index: number }) {
  const [plan, setPlan] = useState<ReactNode>(null);
  const [isAsking, start] = useTransition();
  const ask = () =>
    start(async () => {
      try {
        setPlan(await showPlan(requestId, index));
      } catch {
        setPlan(<ErrorState title="The server does not answer. Try again." />);
      }
    });
  return (
    <div className="flex flex-col gap-2" aria-live="polite">
      {plan ?? (
        <Button
          size="sm"
          busy={isAsking}
          onClick={ask}
          className="self-start"
          aria-label={`Plan of statement ${index + 1}`}
        >
          Plan
        </Button>
      )}
    </div>
  );
}
