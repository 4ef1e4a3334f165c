'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { answered } from '@/ui/form.tsx';
import { ErrorState } from '@/ui/states.tsx';
import { accept } from './actions.ts';

export function AcceptButton({ token }: { readonly token: string }) {
  const router = useRouter();
  const [problem, setProblem] = useState<string>();
  const submit = async () => {
    const result = await answered(accept({ token }));
    if (result.ok) router.push(`/drives/${result.value.driveId}`);
    else setProblem(result.problem.message);
  };
  return (
    <div className="flex flex-col items-start gap-4">
      {problem && <ErrorState title={problem} />}
      <Button look="primary" onPress={submit}>
        Accept the invitation
      </Button>
    </div>
  );
}
