'use client';
import { useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { ErrorState } from '@/ui/states.tsx';
import { accept } from './actions.ts';

export function AcceptButton({ token }: { readonly token: string }) {
  const [problem, setProblem] = useState<string>();
  const [busy, start] = useTransition();
  const submit = () =>
    start(async () => {
      const refused = await accept({ token });
      setProblem(refused.message);
    });
  return (
    <div className="flex flex-col items-start gap-4">
      {problem && <ErrorState title={problem} />}
      <Button look="primary" busy={busy} onClick={submit}>
        Accept the invitation
      </Button>
    </div>
  );
}
