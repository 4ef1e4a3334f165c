'use client';

import { Play } from 'lucide-react';
import { useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { useAction } from '@/ui/toast.tsx';
import { runStep } from './actions.ts';
import { FactList } from './fact-list.tsx';
import type { Observed } from './observed.ts';

/** A button that runs a step, and what the step saw. */
export function GuideStep({ step, verb }: { step: string; verb: string }) {
  const [seen, setSeen] = useState<Observed>();
  const [isRunning, start] = useTransition();
  const run = useAction();
  const look = () =>
    start(async () => {
      const answer = await run(runStep({ step }));
      if (answer) setSeen(answer.value);
    });
  return (
    <div className="flex flex-col gap-3" aria-live="polite" aria-busy={isRunning}>
      <Button onClick={look} busy={isRunning} className="self-start">
        <Play className="size-4" aria-hidden />
        {isRunning ? 'Looking …' : verb}
      </Button>
      {seen && <FactList {...seen} />}
    </div>
  );
}
